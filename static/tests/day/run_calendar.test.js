import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, mockDate, test } from "@odoo/hoot";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Segment extends models.Model {
    _name = "cadence.segment";

    name = fields.Char();

    _records = [{ id: 1, name: "Spanish Dealers" }];
}

class Run extends models.Model {
    _name = "cadence.run";

    date = fields.Date();
    segment_id = fields.Many2one({ relation: "cadence.segment" });
    display_name = fields.Char();

    _records = [{ id: 1, date: "2026-07-05", segment_id: 1, display_name: "30 · Spanish Dealers" }];
}

defineMailModels();
defineModels([Segment, Run]);
beforeEach(() => mockDate("2026-07-10 08:00:00"));

const mount = () =>
    mountView({
        type: "calendar",
        resModel: "cadence.run",
        arch: `<calendar js_class="cadence_run_calendar" date_start="date" mode="month" color="segment_id"
                         event_open_popup="false"><field name="segment_id" filters="1"/></calendar>`,
    });

test("a month of few runs shows each of them, and a box for each segment", async () => {
    onRpc("get_calendar_days", () => []);
    await mount();
    expect(".fc-event").toHaveText("30 · Spanish Dealers");
    expect(".o_calendar_filter_item").not.toHaveCount(0);
});

test("a month of many runs shows the sums of its days, which open their runs", async () => {
    const blocked = [["state", "in", ["blocked"]]];
    onRpc("get_calendar_days", () => [
        {
            id: "a",
            date: "2026-07-05",
            kind: "mailed",
            title: "33,000 mailed · 95 runs",
            domain: [],
        },
        { id: "b", date: "2026-07-05", kind: "blocked", title: "2 runs blocked", domain: blocked },
    ]);
    mockService("action", {
        doAction: (action) => expect.step([action.res_model, action.views[0][1], action.domain]),
    });
    await mount();
    expect(".fc-event").toHaveCount(2);
    expect(".fc-event:contains(33,000 mailed · 95 runs)").toHaveCount(1);
    expect(".o_calendar_filter_item").toHaveCount(0);
    await contains(".fc-event:contains(blocked)").click();
    await runAllTimers();
    await animationFrame();
    expect.verifySteps([["cadence.run", "list", blocked]]);
});
