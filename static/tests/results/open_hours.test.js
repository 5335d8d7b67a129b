import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, queryFirst, test } from "@odoo/hoot";
import { contains, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { OpenHours } from "@mass_mailing_cadence/results/open_hours/open_hours";

const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The hours of a week that begins on Sunday, with these opens: {"weekday/hour": count}. */
function makeHours(counts, values = {}) {
    return {
        total: Object.values(counts).reduce((sum, count) => sum + count, 0),
        few: 30,
        assumed: 0,
        sentence: "Opened most on Tuesday.",
        weekdays: [6, 0, 1, 2, 3, 4, 5].map((number) => ({
            number,
            name: NAMES[number],
            short: NAMES[number].slice(0, 3),
            counts: Array.from({ length: 24 }, (_, hour) => counts[`${number}/${hour}`] || 0),
        })),
        ...values,
    };
}

defineMailModels();

const open = (hours, props = {}) => mountWithCleanup(OpenHours, { props: { hours, ...props } });

test("each hour of the week has its cell with its number, in words as well", async () => {
    await open(makeHours({ "1/9": 40, "6/23": 10 }));
    expect(".o_cadence_hours_cell").toHaveCount(168);
    expect(queryAllTexts(".o_cadence_hours_cell").filter(Boolean)).toEqual(["10", "40"]);
    expect(queryAllTexts("[role=rowheader]").slice(0, 2)).toEqual(["Sun", "Mon"]);
    expect("[role=row]:eq(3) [role=cell]:eq(9)").toHaveText("40");
    expect(queryFirst("[role=row]:eq(3) [role=cell]:eq(9)").title).toBe(
        "Tuesday, 9:00 to 10:00: 40 opened"
    );
    expect(queryFirst("[role=row]:eq(1) [role=cell]:eq(23)").title).toInclude("23:00 to 0:00");
    expect(".o_cadence_hours_sentence").toHaveText("Opened most on Tuesday.");
});

test("more opens have a stronger colour, none have none", async () => {
    await open(makeHours({ "1/9": 40, "1/10": 10 }));
    const strengths = [8, 9, 10].map(
        (hour) =>
            +queryFirst(`[role=row]:eq(3) [role=cell]:eq(${hour}) .o_cadence_hours_fill`).style
                .opacity
    );
    expect(strengths[0]).toBe(0);
    expect(strengths[1]).toBeGreaterThan(strengths[2]);
    expect(strengths[2]).toBeGreaterThan(0);
});

test("a cell has room for a large number", async () => {
    await open(makeHours({ "1/9": 12345 }));
    const [text] = queryAllTexts(".o_cadence_hours_cell").filter(Boolean);
    expect(text.length).toBeLessThan(5);
    expect(queryFirst("[role=row]:eq(3) [role=cell]:eq(9)").title).toInclude("12,345");
});

test("it says that it is a description, and of how many the clock is not known", async () => {
    await open(makeHours({ "1/9": 40 }, { assumed: 0.25 }));
    expect("p:last").toHaveText(/also shows when they were sent/);
    expect("p:last").toHaveText(/Of 25 % the recipient's time zone is not known/);
});

test("few opens are too few to say, without a picture", async () => {
    await open(makeHours({ "1/9": 12 }, { weekdays: [], sentence: "" }));
    expect(".o_cadence_hours_few").toHaveText(/Too few to say: 12 mails/);
    expect(".o_cadence_hours").toHaveCount(0);
});

test("what it shows can be tested, also before there is much to see, by whom may test", async () => {
    await open(makeHours({ "1/9": 40 }));
    expect(".o_cadence_hours_test").toHaveCount(0);
    await open(makeHours({}, { weekdays: [] }), { test: () => expect.step("test") });
    await contains(".o_cadence_hours_test").click();
    expect.verifySteps(["test"]);
});
