import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, queryAllTexts, test } from "@odoo/hoot";
import { mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeServerError,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Contact extends models.Model {
    name = fields.Char();
    timeline = fields.Json();

    _records = [
        { id: 1, name: "Ana", timeline: { counts: { mailed: 1200, opened: 3, clicked: 1 } } },
        { id: 2, name: "Bob", timeline: { counts: { mailed: 0 } } },
    ];
}

defineMailModels();
defineModels([Contact]);

let history;

const entry = (number, values = {}) => ({
    key: `touch/${number}`,
    kind: "touch",
    title: `Mail ${number}`,
    date: "2026-07-10 08:00:00",
    ...values,
});

/** The server: pages of `history`, each of which is a step. */
beforeEach(() => {
    mockDate("2026-07-10 12:00:00", 0);
    history = [
        entry(1, {
            kind: "tag",
            key: "tag/9",
            title: "Joined Reading 05",
            tag: "Reading 05",
            undo_id: 9,
            by: "Wang Li",
        }),
        entry(2, { kind: "open", date: "2026-07-09 08:00:00" }),
        entry(3, { date: "2026-07-01 08:00:00", action: { name: "The mailing" } }),
    ];
    onRpc("res.partner", "get_cadence_timeline", ({ args, kwargs: { offset, limit } }) => {
        expect.step([args[0][0], offset, limit]);
        return {
            entries: history.slice(offset, offset + limit),
            more: history.length > offset + limit,
        };
    });
});

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "contact",
        resId,
        resIds: [1, 2],
        arch: `<form><field name="name"/><field name="timeline" widget="cadence_timeline" readonly="1"/></form>`,
    });

const titles = () => queryAllTexts(".o_cadence_timeline_title");

test("what happened stands under its day, newest first, with the figures above", async () => {
    await mount(1);
    expect.verifySteps([[1, 0, 30]]);
    expect(titles()).toEqual(["Joined Reading 05", "Mail 2", "Mail 3"]);
    expect(queryAllTexts(".o_cadence_timeline_day")).toEqual([
        "Today",
        "Yesterday",
        "July 1, 2026",
    ]);
    expect(queryAllTexts(".o_cadence_timeline_figures b")).toEqual(["1,200", "3", "1", "0"]);
    expect(".o_cadence_timeline_entry:eq(0) .o_tag").toHaveText("Reading 05");
});

test("the filters show one kind, and say when there is none of it", async () => {
    await mount(1);
    await contains("[data-filter=reactions]").click();
    expect(titles()).toEqual(["Mail 2"]);
    await contains("[data-filter=mails]").click();
    expect(titles()).toEqual(["Mail 3"]);
    await contains("[data-filter=decisions]").click();
    expect(titles()).toEqual(["Joined Reading 05"]);
    expect("[data-filter=decisions]").toHaveAttribute("aria-pressed", "true");
    history = [entry(4)];
    await contains(".o_pager_next").click();
    expect(titles()).toEqual([]);
    expect(".o_cadence_timeline").toHaveText(/Nothing of this kind/);
    expect.verifySteps([
        [1, 0, 30],
        [2, 0, 30],
    ]);
});

test("more is loaded on demand, and nothing twice when something came meanwhile", async () => {
    history = Array.from({ length: 40 }, (_, index) => entry(index));
    await mount(1);
    expect(".o_cadence_timeline_entry").toHaveCount(30);
    history.unshift(entry(99));
    await contains(".o_cadence_timeline_more").click();
    expect.verifySteps([
        [1, 0, 30],
        [1, 30, 30],
    ]);
    expect(titles()).toEqual(Array.from({ length: 40 }, (_, index) => `Mail ${index}`));
    expect(".o_cadence_timeline_more").toHaveCount(0);
});

test("taking a decision back keeps what has been typed, and shows the news", async () => {
    onRpc("web_save", () => expect.step("web_save"));
    onRpc("cadence.journal", "action_undo", ({ args }) => {
        expect.step(["undo", ...args]);
        history[0] = { ...history[0], undo_id: false, is_undone: true };
        return true;
    });
    await mount(1);
    expect.verifySteps([[1, 0, 30]]);
    await contains(".o_field_widget[name=name] input").edit("Ana Maria");
    await contains(".o_cadence_timeline_undo").click();
    expect.verifySteps(["web_save", ["undo", [9]], [1, 0, 30]]);
    expect(".o_field_widget[name=name] input").toHaveValue("Ana Maria");
    expect(".o_cadence_timeline_undo").toHaveCount(0);
    expect(".o_cadence_timeline_entry.is_undone").toHaveCount(1);
});

test("an undo that the server refuses leaves the decision and its button", async () => {
    expect.errors(1);
    onRpc("cadence.journal", "action_undo", () => {
        throw makeServerError({ message: "Too late" });
    });
    await mount(1);
    await contains(".o_cadence_timeline_undo").click();
    expect.verifyErrors(["Too late"]);
    expect.verifySteps([
        [1, 0, 30],
        [1, 0, 30],
    ]);
    expect(".o_cadence_timeline_undo").toHaveCount(1);
    expect(".o_cadence_timeline_undo").toBeEnabled();
});

test("an entry opens what it is about", async () => {
    mockService("action", { doAction: ({ name }) => expect.step(name) });
    await mount(1);
    expect.verifySteps([[1, 0, 30]]);
    expect(".o_cadence_timeline_open").toHaveCount(1);
    await contains(".o_cadence_timeline_open").click();
    expect.verifySteps(["The mailing"]);
});

test("the next contact has its own history", async () => {
    await mount(1);
    history = [];
    await contains(".o_pager_next").click();
    expect.verifySteps([
        [1, 0, 30],
        [2, 0, 30],
    ]);
    expect(".o_cadence_timeline_empty").toHaveCount(1);
    expect(titles()).toEqual([]);
});

test("a contact that is not saved yet is not asked for", async () => {
    await mount();
    expect(".o_cadence_timeline_empty").toHaveCount(1);
    expect(".o_cadence_timeline_figures").toHaveCount(0);
    expect.verifySteps([]);
});
