import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
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

    grid = fields.Json();

    _records = [
        {
            id: 1,
            grid: [
                {
                    id: 7,
                    name: "Marketing",
                    batches: [
                        { number: 1, tag_id: 101, contacts: 1500, due: "2026-07-01", today: false },
                        { number: 2, tag_id: 102, contacts: 3000, due: "2026-07-02", today: true },
                        { number: 3, tag_id: 103, contacts: 0, due: "2026-07-03", today: false },
                        { number: 4, tag_id: false, contacts: 0, due: false, today: false },
                    ],
                },
                {
                    id: 8,
                    name: "Reading",
                    batches: [{ number: 1, tag_id: false, contacts: 0, due: false }],
                },
            ],
        },
        { id: 2, grid: false },
    ];
}

defineMailModels();
defineModels([Segment]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.segment",
        resId,
        arch: `<form><field name="grid" widget="cadence_batch_grid" readonly="1"/></form>`,
    });

test("each batch says how full it is beside the fullest of its group", async () => {
    await mount(1);
    expect(queryAllTexts(".o_cadence_grid_number")).toEqual(["01", "02", "03", "04", "01"]);
    expect(queryAllTexts(".o_cadence_grid_count")).toEqual(["1,500", "3,000", "–", "–", "–"]);
    expect(".o_cadence_grid strong").toHaveCount(2);
    expect(".o_cadence_grid .text-muted:first").toHaveText("4,500 contacts");
    expect(".o_cadence_grid_fill:eq(0)").toHaveAttribute("style", "height: 50%;");
    expect(".o_cadence_grid_fill:eq(1)").toHaveAttribute("style", "height: 100%;");
    expect(".o_cadence_grid_fill:eq(4)").toHaveAttribute("style", "height: 0%;");
});

test("today's batch stands out, and each says when it is mailed next", async () => {
    await mount(1);
    expect(".o_cadence_grid_today").toHaveCount(1);
    expect(".o_cadence_grid_today .o_cadence_grid_number").toHaveText("02");
    expect(".o_cadence_grid_today i").toHaveAttribute("aria-label", "Today");
    expect(".o_cadence_grid_cell i").toHaveCount(1);
    expect(".o_cadence_grid_cell:eq(0)").toHaveAttribute("title", "Next mail: 07/01/2026");
    expect(".o_cadence_grid_cell:eq(3)").toHaveAttribute("title", "");
});

test("a click opens the contacts of a batch, and of an empty one nothing", async () => {
    onRpc("cadence.segment", "action_open_tag", ({ args }) => {
        expect.step(["action_open_tag", ...args]);
        return { name: "Batch 01" };
    });
    mockService("action", { doAction: ({ name }) => expect.step(name) });
    await mount(1);
    await contains(".o_cadence_grid_cell:eq(2)").click();
    await contains(".o_cadence_grid_cell:eq(3)").click();
    await contains(".o_cadence_grid_cell:eq(0)").click();
    expect.verifySteps([["action_open_tag", [1], 101], "Batch 01"]);
});

test("a segment that is not saved yet has no grid", async () => {
    await mount(2);
    expect(".o_cadence_grid").toHaveCount(1);
    expect(".o_cadence_grid_cell").toHaveCount(0);
});
