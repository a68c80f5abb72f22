"""Weeks 1 and 2: the agency settles in, logs notes in every way, and starts a plan with Birch & Barrow."""

from __future__ import annotations

from integrations.sandbox.agency import BIRCH, COBALT, LEADS, NORTHWIND, SHARED, VOLT
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.story.stage import CANARIES, Scene, Stage

BIRCH_NAME, COBALT_NAME, NORTHWIND_NAME, VOLT_NAME = (
    "Birch & Barrow",
    "Cobalt Kitchens",
    "Northwind Tours",
    "Volt Studio",
)
CLIENTS = ((BIRCH_NAME, BIRCH), (COBALT_NAME, COBALT), (NORTHWIND_NAME, NORTHWIND), (VOLT_NAME, VOLT))


def settle_in(stage: Stage) -> None:
    stage.at(1, 1, "09:30")
    for name, channel in CLIENTS:
        stage.agency.olivia.command("/client", f"add {name}")
        contact = {"contact_name": "Kim Lee", "contact_email": f"kim@{channel.lower()}.example"}
        added = stage.agency.olivia.submit(
            {
                "channel": channel,
                "owner": stage.agency.amir.who.id,
                "client_since": "2023-02-01",
                "revenue_share": "12",
                **contact,
            }
        )
        stage.expect(added.outcome == "updated", f"{name} is added by the form")


def set_digest(stage: Stage) -> None:
    olivia = stage.agency.olivia
    settings = olivia.command("/client", "settings")
    olivia.click(settings.messages[-1], "set_digest")
    refused = olivia.submit({"channel": SHARED, "weekday": "0", "hour": "9"})
    stage.expect(refused.errors, "a digest for a channel that the client reads is refused")
    accepted = olivia.submit({"channel": LEADS, "weekday": "0", "hour": "9"})
    stage.expect(accepted.outcome == "updated", "the digest goes to #leads on Mondays at 9")


def praise_and_misses(stage: Stage) -> None:
    amir, dana = stage.agency.amir, stage.agency.dana
    said = dana.say(COBALT, "They loved the menu cards and thanked everybody")
    amir.react(COBALT, said, "tada")
    praised = amir.command("/praise", f"{COBALT_NAME} paid on time again")
    stage.expect("Logged" in praised.text, "praise is as easy as blame")
    stage.settle()


def trouble_with_birch(stage: Stage) -> None:
    dana = stage.agency.dana
    _flags(stage, dana, f'"{BIRCH_NAME}" calls all the time instead of waiting for our meeting')
    stage.at(1, 2)
    said = dana.say(BIRCH, f"Third change of plan this week, {CANARIES[0]}")
    stage.world.slack.duplicate_next_event()
    dana.react(BIRCH, said, "snail")
    stage.settle()
    history = dana.command("/client", f"{BIRCH_NAME} history")
    stage.expect(str(history.view).count(CANARIES[0]) == 1, "an event delivered twice is one note")
    stage.at(1, 4)
    _flags(stage, dana, f'"{BIRCH_NAME}" was rude to me on the phone')
    _flags(stage, dana, f'"{BIRCH_NAME}" rejects all our ideas')
    _flags(stage, stage.agency.amir, f'"{BIRCH_NAME}" wants it by Friday, called on Thursday')


def trouble_with_northwind(stage: Stage) -> None:
    amir, olivia, dana = stage.agency.amir, stage.agency.olivia, stage.agency.dana
    stage.at(1, 3)
    _flags(stage, amir, f"{NORTHWIND_NAME} paid three weeks late")
    heard = stage.agency.carla.say(SHARED, "We need all of it tomorrow, and cheaper")
    dana.react(SHARED, heard, "money_with_wings")
    stage.settle()
    stage.expect("take it off" in stage.texts(dana.dms()), "a reaction in a shared channel gets a private word")
    dana.unreact(SHARED, heard, "money_with_wings")
    dana.shortcut("log_red_flag", SHARED, heard)
    logged = dana.submit({"client": NORTHWIND_NAME, "type": "rush_request", "note": f"Rush again, {CANARIES[1]}"})
    stage.expect(logged.outcome == "updated", "the shortcut logs it where nobody else sees it")
    stage.at(1, 5)
    mistaken = olivia.command("/redflag", f"{NORTHWIND_NAME} is unprofitable")
    olivia.click(mistaken.messages[-1], "undo_note")
    stage.settle()
    why = olivia.command("/client", f"{NORTHWIND_NAME} history")
    stage.expect("taken back" in str(why.view), "a note taken back stays visible at 0 points")


def trouble_with_volt(stage: Stage) -> None:
    amir, dana = stage.agency.amir, stage.agency.dana
    _flags(stage, amir, f"{VOLT_NAME} ignored the contract terms")
    stage.at(2, 2)
    _flags(stage, dana, f"{VOLT_NAME} was rude to Dana, {CANARIES[2]}")
    _flags(stage, dana, f"{NORTHWIND_NAME} was disrespectful on the phone")
    _flags(stage, amir, f"{NORTHWIND_NAME} invoice is overdue")
    stage.at(2, 3)
    _flags(stage, amir, f"{VOLT_NAME} paid late")
    _flags(stage, dana, f"{VOLT_NAME} was rude to me again")
    _flags(stage, dana, f"{NORTHWIND_NAME} was rude to me again")
    _flags(stage, amir, f"{NORTHWIND_NAME} asks for a cheaper rate")
    stage.at(2, 5)
    _flags(stage, amir, f"{NORTHWIND_NAME} did not pay, again late")
    _flags(stage, dana, f"{NORTHWIND_NAME} wants it by tomorrow, called today")
    _flags(stage, amir, f"{VOLT_NAME} rejects all our ideas")
    _flags(stage, dana, f"{VOLT_NAME} ignored the contract terms again")


def first_digest(stage: Stage) -> None:
    stage.at(2, 1, "09:01")
    posted = [message for message in stage.agency.olivia.sees(LEADS) if "digest" in message.text.casefold()]
    stage.expect(len(posted) == 1, "Monday's digest is there once")
    stage.jobs.run_sweep(stage.world.now())
    stage.settle()
    again = [message for message in stage.agency.olivia.sees(LEADS) if "digest" in message.text.casefold()]
    stage.expect(len(again) == 1, "sweeping twice posts no second digest")


def _flags(stage: Stage, who: Screen, text: str) -> None:
    answer = who.command("/redflag", text)
    stage.expect("Logged" in answer.text, f"/redflag {text} is logged: {answer.text or answer.error}")


SCENES = (
    Scene("Monday. Olivia adds four clients, each with its internal channel.", settle_in),
    Scene("The weekly digest goes to #leads. A channel that a client can read is refused.", set_digest),
    Scene("Good news first: praise is logged as easily as trouble.", praise_and_misses),
    Scene("Birch & Barrow is hard work this week. One reaction arrives twice and counts once.", trouble_with_birch),
    Scene(
        "Northwind pays late. A reaction in the shared channel is caught at once.",
        trouble_with_northwind,
    ),
    Scene("The first digest: one screen, what needs a person comes first.", first_digest),
    Scene("Volt Studio ignores the contract, and Northwind goes on as before.", trouble_with_volt),
)
