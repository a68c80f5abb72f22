"""How long words are kept, how they leave, how they go."""

from __future__ import annotations

from functools import partial

from bot.bootstrap.features.feature import Feature
from bot.jobs import privacy as privacy_jobs
from bot.listeners import privacy
from bot.services.privacy.erasure import ErasureService
from bot.services.privacy.exports import ExportService
from bot.services.privacy.retention import RetentionService
from integrations.engine.client import EngineClient


def build(
    retention: RetentionService,
    exports: ExportService,
    erasure: ErasureService,
    bulletin: privacy_jobs.PrivacyBulletin,
    jobs: EngineClient,
) -> Feature:
    here = privacy.PrivacyDesk(retention=retention, exports=exports, erasure=erasure)
    return Feature(
        register=partial(privacy.register, here=here),
        workflows=privacy_jobs.workflows(retention, erasure, bulletin, jobs.forget_about),
    )
