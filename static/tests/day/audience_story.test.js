import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAll, queryAllTexts, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Run extends models.Model {
    _name = "cadence.run";

    story = fields.Json();

    _records = [
        {
            id: 5,
            story: [
                { key: "all", kind: "start", label: "In the batch", count: 2000 },
                { key: "view/2", kind: "excluded", label: "Reading", count: 500 },
                { key: "no_email", kind: "excluded", label: "No address", count: 0 },
                { key: "domain_cap", kind: "deferred", label: "Company's cap", count: 100 },
                { key: "reserved", kind: "reserved", label: "Mailed", count: 1400 },
            ],
        },
        { id: 6, story: false },
    ];
}

defineMailModels();
defineModels([Run]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.run",
        resId,
        arch: `<form><field name="story" widget="cadence_audience_story" readonly="1"/></form>`,
    });

test("the steps fall from everybody in the batch to those who are mailed", async () => {
    await mount(5);
    expect(queryAllTexts(".o_cadence_story_label")).toEqual([
        "In the batch",
        "Reading",
        "No address",
        "Company's cap",
        "Mailed",
    ]);
    expect(queryAllTexts(".o_cadence_story_count")).toEqual([
        "2,000",
        "−500",
        "−0",
        "−100",
        "1,400",
    ]);
    const bars = queryAll(".o_cadence_story_bar").map((bar) => bar.getAttribute("style"));
    expect(bars).toEqual([
        "margin-inline-start: 0%; width: 100%;",
        "margin-inline-start: 75%; width: 25%;",
        "margin-inline-start: 75%; width: 0%;",
        "margin-inline-start: 70%; width: 5%;",
        "margin-inline-start: 0%; width: 70%;",
    ]);
});

test("a step's number and bar open its contacts, a step without any opens nothing", async () => {
    onRpc("cadence.run", "action_open_outcome", ({ args }) => {
        expect.step(args);
        return { name: "Its contacts" };
    });
    mockService("action", { doAction: ({ name }) => expect.step(name) });
    await mount(5);
    expect(".o_cadence_story_count:eq(2)").not.toBeEnabled();
    await contains(".o_cadence_story_track:eq(2)").click();
    expect.verifySteps([]);
    await contains(".o_cadence_story_count:eq(1)").click();
    expect.verifySteps([[[5], "view/2"], "Its contacts"]);
    await contains(".o_cadence_story_track:eq(4)").click();
    expect.verifySteps([[[5], "reserved"], "Its contacts"]);
});

test("a run that has not been decided yet has no story", async () => {
    await mount(6);
    expect(".o_cadence_story").toHaveCount(1);
    expect(".o_cadence_story_step").toHaveCount(0);
});
