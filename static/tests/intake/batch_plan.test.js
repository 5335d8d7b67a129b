import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAll, queryAllTexts, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Intake extends models.Model {
    _name = "cadence.intake";

    plan = fields.Json();

    _records = [
        {
            id: 1,
            plan: [
                { batch: 5, first: 1, last: 10, count: 12000, companies: 3000 },
                { batch: 6, first: 11, last: 11, count: 3000, companies: 1 },
                { batch: 7, first: false, last: false, count: 0, companies: 0 },
            ],
        },
        { id: 2, plan: false },
    ];
}

defineMailModels();
defineModels([Intake]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.intake",
        resId,
        arch: `<form><field name="plan" widget="cadence_batch_plan" readonly="1"/></form>`,
    });

test("each batch says which ranks of a company it takes and how many addresses that makes", async () => {
    await mount(1);
    const rows = queryAll(".o_cadence_plan tbody tr").map((row) =>
        queryAllTexts("td", { root: row })
    );
    expect(rows.map((cells) => cells.slice(0, 4))).toEqual([
        ["05", "1–10", "3,000", "12,000"],
        ["06", "11", "1", "3,000"],
        ["07", "–", "0", "0"],
    ]);
    expect(".o_cadence_plan_bar:eq(0)").toHaveAttribute("style", "width: 100%;");
    expect(".o_cadence_plan_bar:eq(1)").toHaveAttribute("style", "width: 25%;");
});

test("an intake with nothing to save says why", async () => {
    await mount(2);
    expect(".o_cadence_plan").toHaveCount(0);
    expect(".o_form_view p").toHaveText(/^Nothing to save/);
});
