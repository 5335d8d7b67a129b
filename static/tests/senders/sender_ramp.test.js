import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Sender extends models.Model {
    _name = "cadence.sender";

    ramp = fields.Json();
    dials = fields.Json();

    _records = [
        {
            id: 1,
            ramp: [
                {
                    date: "2026-07-04",
                    label: "4 Jul",
                    cap: 200,
                    left: 200,
                    kind: "past",
                    light: "green",
                },
                {
                    date: "2026-07-05",
                    label: "5 Jul",
                    cap: 260,
                    left: 130,
                    kind: "today",
                    light: "amber",
                },
                {
                    date: "2026-07-06",
                    label: "6 Jul",
                    cap: 400,
                    left: 0,
                    kind: "ahead",
                    light: "green",
                },
            ],
            dials: [
                {
                    name: "hard",
                    label: "Gone",
                    count: 6,
                    whole: 200,
                    part: 0.03,
                    amber: 0.02,
                    red: 0.05,
                },
                {
                    name: "bounced",
                    label: "Back",
                    count: 6,
                    whole: 200,
                    part: 0.03,
                    amber: 0.04,
                    red: 0.1,
                },
                {
                    name: "complaints",
                    label: "Spam",
                    count: 3,
                    whole: 200,
                    part: 0.015,
                    amber: 0.001,
                    red: 0.003,
                },
            ],
        },
        { id: 2, ramp: false, dials: false },
    ];
}

defineMailModels();
defineModels([Sender]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.sender",
        resId,
        arch: `<form><field name="ramp" widget="cadence_sender_ramp" readonly="1"/><field name="dials" widget="cadence_sender_dials" readonly="1"/></form>`,
    });

test("each day is a step, with what left in it", async () => {
    await mount(1);
    expect(queryAllTexts(".o_cadence_ramp_number")).toEqual(["200", "260", "400"]);
    expect(".o_cadence_ramp_cap:eq(0)").toHaveAttribute("style", "height: 50%;");
    expect(".o_cadence_ramp_left:eq(1)").toHaveAttribute("style", "height: 32.5%;");
    expect(".o_cadence_ramp_today").toHaveAttribute("title", "5 Jul: 130 of 260");
    expect(".o_cadence_ramp_amber .o_cadence_ramp_label").toHaveText("5 Jul");
});

test("a dial says how near it is to where the sender is held and paused", async () => {
    await mount(1);
    expect(".o_cadence_dial_fill:eq(0)").toHaveClass("bg-warning");
    expect(".o_cadence_dial_fill:eq(1)").toHaveClass("bg-success");
    expect(".o_cadence_dial_fill:eq(2)").toHaveClass("bg-danger");
    expect(".o_cadence_dial:eq(0)").toHaveText(/3 %: 6 of the last 200 mails/);
    expect(".o_cadence_dial:eq(0)").toHaveText(/held from 2 %, paused from 5 %/);
});

test("how a day and a dial stand can be told without their colours", async () => {
    await mount(1);
    expect(".o_cadence_ramp_step i").toHaveCount(1);
    expect(".o_cadence_ramp_amber i").toHaveAttribute("aria-label", "Watch");
    expect(".o_cadence_dial:eq(0) i").toHaveAttribute("aria-label", "Watch");
    expect(".o_cadence_dial:eq(1) i").toHaveCount(0);
    expect(".o_cadence_dial:eq(2) i").toHaveAttribute("aria-label", "Poor");
});

test("a sender that is not saved yet has neither", async () => {
    await mount(2);
    expect(".o_cadence_ramp_step").toHaveCount(0);
    expect(".o_cadence_dial").toHaveCount(0);
});
