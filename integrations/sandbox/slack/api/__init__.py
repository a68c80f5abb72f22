"""The Web API's methods: functions from (workspace, arguments) to the fields of the answer; refusals are raised."""
