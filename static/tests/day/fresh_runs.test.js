import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    hideTab,
    makeServerError,
    models,
    MockServer,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const NOW = "2026-07-05 09:00:00";
const DUE = "2026-07-05 08:59:59";

class Run extends models.Model {
    _name = "cadence.run";

    name = fields.Char();
    state = fields.Char();
    word = fields.Char();
    is_draft = fields.Boolean();
    leaving_count = fields.Integer();
    mailed_count = fields.Integer();
    pace_note = fields.Char();
    send_datetime = fields.Datetime();

    _records = [
        { id: 1, state: "queued", word: "leaving", mailed_count: 10, send_datetime: DUE },
        { id: 2, state: "queued", word: "leaving", mailed_count: 20, send_datetime: DUE },
        { id: 3, state: "done", word: "mailed", mailed_count: 30, send_datetime: DUE },
        { id: 4, state: "queued", word: "queued", send_datetime: "2026-07-05 09:10:00" },
        { id: 5, state: "queued", word: "queued", is_draft: true, send_datetime: DUE },
        { id: 6, state: "queued", word: "stopped", mailed_count: 5, send_datetime: DUE },
        { id: 9, state: "queued", word: "stopped", mailed_count: 5, leaving_count: 3 },
        { id: 7, state: "planned", word: "planned", send_datetime: DUE },
        { id: 8, state: "queued", word: "queued", send_datetime: "2028-07-05 09:10:00" },
    ];
}

defineMailModels();
defineModels([Run]);

const FIELDS = `<field name="state"/><field name="is_draft"/><field name="leaving_count"/><field name="send_datetime"/>`;

const mountCards = (...ids) =>
    mountView({
        type: "kanban",
        resModel: "cadence.run",
        domain: [["id", "in", ids]],
        arch: `<kanban js_class="cadence_run_kanban">${FIELDS}<templates><t t-name="card">
            <field name="word"/><b><field name="mailed_count"/></b><i><field name="pace_note"/></i></t></templates></kanban>`,
    });

const mountForm = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.run",
        resId,
        arch: `<form js_class="cadence_run_form">${FIELDS}<field name="word" readonly="1"/>
            <field name="mailed_count" readonly="1"/><field name="name"/></form>`,
    });

const change = (id, values) => MockServer.env["cadence.run"].write([id], values);

/** Each question is a step: the runs it asks for, or its fields. */
function listen() {
    onRpc("cadence.run", "search_read", ({ kwargs }) => expect.step(kwargs.domain[0][2].join()));
}

async function wait(ms) {
    await advanceTime(ms);
    await animationFrame();
}

const CARD = ".o_kanban_record:not(.o_kanban_ghost)";

test("the cards move by themselves, with one question for all of them", async () => {
    mockDate(NOW);
    listen();
    await mountCards(1, 2, 3);
    expect(`${CARD}:eq(0) b`).toHaveText("10");
    change(1, { mailed_count: 12, pace_note: "24 mails a minute" });
    change(2, { mailed_count: 21 });
    await wait(4900);
    expect.verifySteps([]);
    await wait(200);
    expect.verifySteps(["1,2,3"]);
    expect(`${CARD}:eq(0) b`).toHaveText("12");
    expect(`${CARD}:eq(0) i`).toHaveText("24 mails a minute");
    expect(`${CARD}:eq(1) b`).toHaveText("21");
    expect(`${CARD}:eq(2) b`).toHaveText("30");
    change(1, { mailed_count: 14 });
    await wait(5000);
    expect.verifySteps(["1,2,3"]);
    expect(`${CARD}:eq(0) b`).toHaveText("14");
});

test("only what the view has is asked for", async () => {
    mockDate(NOW);
    onRpc("cadence.run", "search_read", ({ kwargs }) => expect.step(kwargs.fields.sort().join()));
    await mountCards(1);
    await wait(5000);
    expect.verifySteps(["is_draft,leaving_count,mailed_count,pace_note,send_datetime,state,word"]);
});

test("when the last run is done nothing is asked any more", async () => {
    mockDate(NOW);
    listen();
    await mountCards(1, 3);
    onRpc("cadence.run", "web_read", ({ args }) => expect.step(`loaded ${args[0]}`));
    change(1, { state: "done", word: "mailed", mailed_count: 40 });
    await wait(5000);
    await animationFrame();
    expect(`${CARD}:eq(0)`).toHaveText(/mailed/);
    await wait(120000);
    expect.verifySteps(["1,3", "loaded 1"]);
});

test("nothing is asked of runs that are done, stopped, planned, drafts or far ahead", async () => {
    mockDate(NOW);
    listen();
    await mountCards(3, 5, 6, 7, 8);
    await wait(3600000);
    expect.verifySteps([]);
});

test("what is in the mail server's hands when a run is stopped is waited for", async () => {
    mockDate(NOW);
    listen();
    await mountCards(9);
    change(9, { leaving_count: 0, mailed_count: 8 });
    await wait(5000);
    expect(`${CARD} b`).toHaveText("8");
    await wait(60000);
    expect.verifySteps(["9"]);
});

test("a run that waits for its sending time is asked for at that time", async () => {
    mockDate(NOW);
    listen();
    await mountCards(4);
    await wait(590000);
    expect.verifySteps([]);
    change(4, { word: "leaving", mailed_count: 1 });
    await wait(11000);
    expect.verifySteps(["4"]);
    expect(`${CARD}`).toHaveText(/leaving/);
});

test("as long as nothing changes it asks less and less often", async () => {
    mockDate(NOW);
    listen();
    await mountCards(1);
    await wait(5000);
    expect.verifySteps(["1"]);
    await wait(9900);
    expect.verifySteps([]);
    await wait(300);
    expect.verifySteps(["1"]);
    await wait(20000);
    expect.verifySteps(["1"]);
    await wait(30000);
    await wait(30000);
    expect.verifySteps(["1", "1"]);
    change(1, { mailed_count: 11 });
    await wait(30000);
    expect(`${CARD} b`).toHaveText("11");
    await wait(5100);
    expect.verifySteps(["1", "1"]);
});

test("a slow server is asked only after it has answered, and then left in peace for longer", async () => {
    mockDate(NOW);
    const answer = new Deferred();
    onRpc("cadence.run", "search_read", async () => {
        expect.step("asked");
        await answer;
    });
    await mountCards(1);
    await wait(8000);
    expect.verifySteps(["asked"]);
    change(1, { mailed_count: 11 });
    answer.resolve();
    await wait(0);
    expect(`${CARD} b`).toHaveText("11");
    await wait(55000);
    expect.verifySteps([]);
    await wait(10000);
    expect.verifySteps(["asked"]);
});

test("a hidden tab asks nothing, and asks at once when it is shown again", async () => {
    mockDate(NOW);
    listen();
    await mountCards(1);
    await hideTab();
    await wait(60000);
    expect.verifySteps([]);
    change(1, { mailed_count: 33 });
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(0);
    expect.verifySteps(["1"]);
    expect(`${CARD} b`).toHaveText("33");
});

test("after an error nothing is asked until the tab is shown again", async () => {
    mockDate(NOW);
    expect.errors(1);
    let isDown = true;
    onRpc("cadence.run", "search_read", () => {
        expect.step("asked");
        if (isDown) {
            throw makeServerError({ message: "The server is down" });
        }
    });
    await mountCards(1);
    await wait(5000);
    expect.verifyErrors(["The server is down"]);
    await wait(120000);
    expect.verifySteps(["asked"]);
    isDown = false;
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(0);
    expect.verifySteps(["asked"]);
});

test("who leaves the page stops asking", async () => {
    mockDate(NOW);
    listen();
    const view = await mountCards(1);
    destroy(view);
    await wait(60000);
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(60000);
    expect.verifySteps([]);
});

test("a run that was deleted meanwhile harms nobody", async () => {
    mockDate(NOW);
    listen();
    await mountCards(1, 2);
    MockServer.env["cadence.run"].unlink([1]);
    change(2, { mailed_count: 25 });
    await wait(5000);
    expect(`${CARD}:eq(1) b`).toHaveText("25");
    expect.verifySteps(["1,2"]);
});

test("the page of a run moves, and what somebody is typing stays", async () => {
    mockDate(NOW);
    listen();
    onRpc("cadence.run", "web_read", () => expect.step("loaded"));
    await mountForm(1);
    expect.verifySteps(["loaded"]);
    await contains("[name=name] input").edit("My words", { confirm: false });
    change(1, { mailed_count: 11 });
    await wait(5000);
    expect("[name=mailed_count]").toHaveText("11");
    change(1, { mailed_count: 12, state: "done", word: "mailed" });
    await wait(5000);
    expect("[name=mailed_count]").toHaveText("12");
    expect("[name=word]").toHaveText("mailed");
    expect("[name=name] input").toHaveValue("My words");
    await wait(60000);
    expect.verifySteps(["1", "1"]);
});

test("the page of a run is loaded anew when it is done", async () => {
    mockDate(NOW);
    listen();
    onRpc("cadence.run", "web_read", () => expect.step("loaded"));
    await mountForm(1);
    change(1, { state: "done", word: "mailed", name: "Done" });
    await wait(5000);
    await animationFrame();
    expect("[name=name] input").toHaveValue("Done");
    await wait(60000);
    expect.verifySteps(["loaded", "1", "loaded"]);
});
