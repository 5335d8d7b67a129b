import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { leaveFramesAlone } from "../cadence_test_helpers";

const RATES = [
    "delivery_rate",
    "open_rate",
    "click_rate",
    "click_delivered_rate",
    "reply_rate",
    "positive_rate",
    "conversion_rate",
    "opportunity_rate",
    "opt_out_rate",
    "bounce_rate",
    "complaint_rate",
];
const FIGURES = ["mailed", "delivered", "opened", "clicked", "replied", "opportunities", "won"];
const PARTS = ["privacy_opened", "machine_opened", "unjudged"];
const cell = (value, text, isSmall = false) => ({
    value,
    text,
    is_small: isSmall,
    low: value === null ? 0 : value / 2,
    high: value === null ? 1 : value * 2,
});
const rates = (value, text, isSmall) =>
    Object.fromEntries(RATES.map((code) => [code, cell(value, text, isSmall)]));

function makePage(filters, mailed = 200) {
    return {
        filters: { days: 30, segment_id: 0, tag_group_id: 0, ...filters },
        period: "06/21/2026 – 07/20/2026",
        counted: "07/20/2026 09:15",
        definitions: Object.fromEntries(
            [...RATES, ...FIGURES, ...PARTS, "revenue", "cost", "roi"].map((name) => [
                name,
                { label: `Label ${name}`, help: `What ${name} is.` },
            ])
        ),
        funnel: FIGURES.map((figure, index) => ({
            figure,
            count: Math.round(mailed / (index + 1)),
            cell: index ? cell(0.5, "50.0 %") : null,
            parts: figure === "opened" ? PARTS.map((part) => ({ figure: part, count: 5 })) : [],
        })),
        rates: rates(0.15, "15.0 %"),
        money: { revenue: "$ 100", cost: "$ 0", roi: "no cost yet" },
        before: { period: "", mailed: 10, rates: rates(0.01, "1.0 %") },
        days: [
            { date: "2026-07-09", label: "07/09/2026", mailed: 100, rates: rates(0.1, "10.0 %") },
            { date: "2026-07-10", label: "07/10/2026", mailed: 100, rates: rates(0.2, "20.0 %") },
        ],
        flags: [{ date: "2026-07-10", text: "New letter: 1. Cranes" }],
        batches: [
            {
                id: 7,
                name: "Marketing",
                batches: [
                    { number: 1, mailed: 100, rates: rates(0.1, "10.0 %") },
                    { number: 2, mailed: 3, rates: rates(0.3, "1 / 3", true) },
                    { number: 3, mailed: 0, rates: rates(null, "–", true) },
                ],
            },
        ],
        providers: [
            {
                id: 1,
                name: "Google",
                mailed: 150,
                rates: rates(0.1, "10.0 %"),
                out: { open_rate: "low" },
            },
            { id: false, name: "Others", mailed: 50, rates: rates(0.1, "10.0 %"), out: {} },
        ],
        letters: [
            {
                id: 1,
                step: 1,
                name: "Cranes",
                rhythm: "English · Marketing",
                mailed: 200,
                rates: rates(0.15, "15.0 %"),
                body: "<p>Hello</p>",
            },
        ],
        hours: { total: 3, few: 30, assumed: 0, sentence: "", weekdays: [] },
        choices: {
            days: [7, 30, 90, 365],
            segments: [{ id: 3, name: "English" }],
            groups: [{ id: 7, name: "Marketing" }],
        },
    };
}

defineMailModels();

async function open(mailed) {
    leaveFramesAlone();
    onRpc("cadence.result", "get_page", ({ args }) => {
        expect.step(["page", args[0].days || 30, args[0].segment_id || 0]);
        return makePage(args[0], mailed);
    });
    onRpc("cadence.result", "get_part_action", ({ args }) => {
        expect.step(["part", args[1]]);
        return { type: "ir.actions.act_window_close" };
    });
    onRpc("cadence.result", "get_contacts_action", ({ args }) => {
        expect.step(["contacts", args[1]]);
        return { type: "ir.actions.act_window_close" };
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({ type: "ir.actions.client", tag: "cadence_results" });
    await animationFrame();
}

test("the page shows the funnel with machine and privacy apart, and opens its contacts", async () => {
    await open();
    expect(queryAllTexts(".o_cadence_funnel_count")).toEqual([
        "200",
        "100",
        "67",
        "50",
        "40",
        "33",
        "29",
    ]);
    expect(".o_cadence_funnel_step[data-figure=opened] .o_cadence_funnel_part").toHaveCount(3);
    await contains(".o_cadence_funnel_step[data-figure=opened]").click();
    expect.verifySteps([
        ["page", 30, 0],
        ["contacts", "opened"],
    ]);
});

test("a figure says what it is and between what it lies", async () => {
    await open();
    const title = document.querySelector("[data-rate=open_rate]").title;
    expect(title).toInclude("What open_rate is.");
    expect(title).toInclude("7.5");
    expect.verifySteps([["page", 30, 0]]);
});

test("few mails have no colour, no mails cannot be opened", async () => {
    await open();
    const fills = [...document.querySelectorAll(".o_cadence_strip_fill")].map(
        (fill) => +fill.style.opacity
    );
    expect(fills[0]).toBeGreaterThan(0.5);
    expect(fills.slice(1)).toEqual([0, 0]);
    expect(queryAllTexts(".o_cadence_strip_rate")).toEqual(["10.0 %", "1 / 3", ""]);
    expect(".o_cadence_strip_cell:disabled").toHaveCount(1);
    await contains(".o_cadence_strip_cell:eq(0)").click();
    expect.verifySteps([
        ["page", 30, 0],
        [
            "part",
            [
                ["tag_group_id", 7],
                ["batch", 1],
            ],
        ],
    ]);
});

test("a filter asks anew and stays with the next one", async () => {
    await open();
    await contains("button[data-days='90']").click();
    await contains("select[name=segment]").select("3");
    expect.verifySteps([
        ["page", 30, 0],
        ["page", 90, 0],
        ["page", 90, 3],
    ]);
});

test("what is not chance is marked, beside the days before and beside the others", async () => {
    await open();
    expect(".o_cadence_providers .o_cadence_out").toHaveCount(1);
    expect(".o_cadence_out i").toHaveAttribute(
        "aria-label",
        "Lower than elsewhere, by more than chance"
    );
    expect(".o_cadence_providers i").toHaveCount(1);
    expect(".fa-arrow-up").toHaveCount(0);
    await contains("input[name=compare]").click();
    expect("[data-rate=open_rate] .fa-arrow-up").toHaveCount(1);
    expect("[data-rate=open_rate]").toHaveText(/before: 1.0 %/);
    expect.verifySteps([["page", 30, 0]]);
});

test("a new letter is flagged at its day", async () => {
    await open();
    expect(".o_cadence_spark_flag").toHaveCount(5);
    expect(".o_cadence_results li").toHaveText("2026-07-10 · New letter: 1. Cranes");
    expect.verifySteps([["page", 30, 0]]);
});

test("of few opens the hours are not told", async () => {
    await open();
    expect(".o_cadence_hours_few").toHaveText(/Too few to say: 3 mails/);
    expect.verifySteps([["page", 30, 0]]);
});

test("without mails the page says when there will be something", async () => {
    await open(0);
    expect(".o_cadence_results_empty").toHaveCount(1);
    expect.verifySteps([["page", 30, 0]]);
});
