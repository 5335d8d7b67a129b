import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, queryAllTexts, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const LOAD = Array.from({ length: 30 }, (_, index) => ({
    day: index + 1,
    contacts: { 5: 2000, 3: 250, 20: 250 }[index + 1] || 1000,
}));

class Intake extends models.Model {
    _name = "cadence.intake";

    load = fields.Json();
    start_date = fields.Date();
    state = fields.Selection({
        selection: [
            ["draft", "Draft"],
            ["saved", "Saved"],
        ],
    });

    _records = [
        { id: 1, load: LOAD, start_date: "2026-07-05", state: "draft" },
        { id: 2, load: LOAD, start_date: "2026-07-31", state: "draft" },
        { id: 3, load: LOAD, start_date: "2026-07-05", state: "saved" },
        { id: 4, load: false, start_date: "2026-07-05", state: "draft" },
    ];
}

defineMailModels();
defineModels([Intake]);
beforeEach(() => mockDate("2026-07-10 12:00:00"));

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.intake",
        resId,
        arch: `<form>
            <field name="start_date" readonly="1"/>
            <field name="load" widget="cadence_day_load" readonly="1"/>
        </form>`,
    });

test("each day is as high as what is due on it, beside the fullest day", async () => {
    await mount(1);
    expect(".o_cadence_day").toHaveCount(30);
    expect(".o_cadence_day:eq(4)").toHaveAttribute("title", "5: 2,000 · Begins here");
    expect(".o_cadence_day_bar:eq(4)").toHaveAttribute("style", "height: 100%;");
    expect(".o_cadence_day_bar:eq(0)").toHaveAttribute("style", "height: 50%;");
});

test("of days that are equally light the next one is marked", async () => {
    await mount(1);
    expect(queryAllTexts(".o_lightest")).toEqual(["20"]);
    expect(".o_lightest").toHaveAttribute("aria-label", "20: 250 · Lightest Day");
    expect(".o_lightest i, .o_start i").toHaveCount(2);
    expect(".o_cadence_day i").toHaveCount(2);
    expect(queryAllTexts(".o_start")).toEqual(["5"]);
});

test("an intake that starts on a 31st starts with the first batch", async () => {
    await mount(2);
    expect(queryAllTexts(".o_start")).toEqual(["1"]);
});

test("a click begins on the next such day, in this month, today or in the next month", async () => {
    await mount(1);
    for (const [day, date] of [
        [20, "Jul 20, 2026"],
        [10, "Jul 10"],
        [3, "Aug 3, 2026"],
    ]) {
        await contains(`.o_cadence_day:eq(${day - 1})`).click();
        expect(queryAllTexts(".o_start")).toEqual([String(day)]);
        expect(".o_field_widget[name=start_date]").toHaveText(new RegExp(date.split(",")[0]));
    }
});

test("what is saved does not move any more", async () => {
    await mount(3);
    await contains(".o_cadence_day:eq(19)").click();
    expect(queryAllTexts(".o_start")).toEqual(["5"]);
});

test("without a load there is nothing to choose from", async () => {
    await mount(4);
    expect(".o_cadence_day_load").toHaveCount(0);
});
