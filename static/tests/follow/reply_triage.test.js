import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    beforeEach,
    expect,
    keyDown,
    keyUp,
    press,
    queryAllTexts,
    queryOne,
    test,
} from "@odoo/hoot";
import { animationFrame, Deferred, mockDate } from "@odoo/hoot-mock";
import {
    contains,
    getService,
    makeServerError,
    mountWebClient,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { leaveFramesAlone } from "../cadence_test_helpers";

defineMailModels();

/** The server: what waits there, and what it was told. */
let server;

const reply = (id, values = {}) => ({
    id,
    name: `Person ${id}`,
    subject: `Subject ${id}`,
    date: "2026-07-10 08:00:00",
    kind: "person",
    ...values,
});

beforeEach(() => {
    mockDate("2026-07-10 12:00:00", 0);
    server = { waiting: [1, 2, 3].map((id) => reply(id)), page: 50, sortedToday: 4, cards: {} };
    onRpc("cadence.reply", "get_triage_queue", () => {
        expect.step("queue");
        return {
            waiting: server.waiting.slice(0, server.page),
            waiting_count: server.waiting.length,
            sorted_today: server.sortedToday,
        };
    });
    onRpc("cadence.reply", "get_triage_card", ({ args: [[id]] }) => ({
        partner: { id: 100 + id, name: `Person ${id}` },
        email: `p${id}@acme.example`,
        kind: "person",
        text: `Text ${id}`,
        ...server.cards[id],
    }));
    for (const method of ["action_triage", "action_reopen", "action_create_opportunity"]) {
        onRpc("cadence.reply", method, ({ args: [[id], ...args] }) => {
            expect.step([method, id, ...args]);
            return true;
        });
    }
});

async function open() {
    await mountWebClient();
    await getService("action").doAction({ type: "ir.actions.client", tag: "cadence_reply_triage" });
    await animationFrame();
    expect.verifySteps(["queue"]);
}

async function type(key) {
    await press(key);
    await animationFrame();
}

const waiting = () => queryAllTexts(".o_cadence_triage_item .fw-bold");
const shown = () => queryOne(".o_cadence_triage_card").dataset.id;
const label = () => queryOne(".o_cadence_triage_progress .small").textContent;

// Keys

test("each key sorts the reply that is shown, and the next one shows at once", async () => {
    await open();
    expect(label()).toBe("4 sorted, 3 waiting");
    expect(".o_cadence_triage_text").toHaveText("Text 1");
    await type("i");
    expect(shown()).toBe("2");
    expect(label()).toBe("5 sorted, 2 waiting");
    await type("c");
    expect(waiting()).toEqual(["Person 3"]);
    expect.verifySteps([
        ["action_triage", 1, "inquiry"],
        ["action_triage", 2, "competitor"],
    ]);
});

test("a button does what its key does, but not on the second click of a double click", async () => {
    await open();
    await contains("[data-sorting=sample]").click();
    expect.verifySteps([["action_triage", 1, "sample"]]);
    queryOne("[data-sorting=sample]").dispatchEvent(
        new MouseEvent("click", { detail: 2, bubbles: true })
    );
    await animationFrame();
    expect.verifySteps([]);
    expect(shown()).toBe("2");
});

test("arrows and j, k go through the queue and stop at its ends", async () => {
    await open();
    for (const [key, id] of [
        ["ArrowDown", "2"],
        ["j", "3"],
        ["ArrowDown", "3"],
        ["ArrowUp", "2"],
        ["k", "1"],
        ["ArrowUp", "1"],
    ]) {
        await type(key);
        expect(shown()).toBe(id);
    }
    await contains(".o_cadence_triage_item:eq(2)").click();
    expect(shown()).toBe("3");
    expect(".o_cadence_triage_item.o_current").toHaveAttribute("data-id", "3");
});

test("a reply from the middle is sorted, and the one behind it shows", async () => {
    await open();
    await type("ArrowDown");
    await type("n");
    expect.verifySteps([["action_triage", 2, "not_interested"]]);
    expect(shown()).toBe("3");
    await type("n");
    expect(shown()).toBe("1");
    expect.verifySteps([["action_triage", 3, "not_interested"]]);
});

test("a key held down sorts one reply, with Ctrl or in a field none", async () => {
    await open();
    await keyDown("i");
    await keyDown("i");
    await keyDown("i");
    await keyUp("i");
    await animationFrame();
    expect.verifySteps([["action_triage", 1, "inquiry"]]);
    await press(["ctrl", "i"]);
    const field = document.createElement("input");
    queryOne(".o_cadence_triage").append(field);
    await contains(field).click();
    await type("i");
    expect.verifySteps([]);
    field.remove();
});

test("never mailing an address is offered for machines alone", async () => {
    server.waiting = [reply(1), reply(2, { kind: "ticket_robot" })];
    await open();
    expect("[data-sorting=no_send]").toHaveCount(0);
    await type("b");
    expect.verifySteps([]);
    await type("ArrowDown");
    expect("[data-sorting=no_send]").toHaveCount(1);
    await type("b");
    expect.verifySteps([["action_triage", 2, "no_send"]]);
});

test("nobody judges a reply whose text is not there yet", async () => {
    const card = new Deferred();
    onRpc("cadence.reply", "get_triage_card", () => card);
    await open();
    expect("[data-sorting=inquiry]").not.toBeEnabled();
    await type("i");
    expect.verifySteps([]);
    expect(shown()).toBe("1");
    card.resolve({ partner: { id: 1, name: "Ana" }, kind: "person", text: "Late" });
    await animationFrame();
    expect(".o_cadence_triage_text").toHaveText("Late");
    await type("i");
    expect.verifySteps([["action_triage", 1, "inquiry"]]);
});

// Undo

test("undo brings the reply back to its place and shows it", async () => {
    await open();
    await type("ArrowDown");
    await type("u");
    expect(".o_cadence_triage_done").toHaveText(/Person 2: Unsubscribe/);
    await type("z");
    expect(waiting()).toEqual(["Person 1", "Person 2", "Person 3"]);
    expect(shown()).toBe("2");
    expect(label()).toBe("4 sorted, 3 waiting");
    expect(".o_cadence_triage_done").toHaveCount(0);
    expect.verifySteps([
        ["action_triage", 2, "unsubscribe"],
        ["action_reopen", 2],
    ]);
    await type("z");
    expect.verifySteps([]);
});

test("an undo never overtakes what it undoes", async () => {
    const slow = new Deferred();
    onRpc("cadence.reply", "action_triage", async () => {
        await slow;
        expect.step("sorted");
        return true;
    });
    await open();
    await type("i");
    await type("z");
    expect.verifySteps([]);
    slow.resolve();
    await animationFrame();
    expect.verifySteps(["sorted", ["action_reopen", 1]]);
});

// Errors

test("what the server refuses comes back, marked, and not under the cursor", async () => {
    expect.errors(1);
    onRpc("cadence.reply", "action_triage", () => {
        throw makeServerError({ message: "Sorted by somebody else" });
    });
    await open();
    await type("i");
    await animationFrame();
    expect.verifyErrors(["Sorted by somebody else"]);
    expect(waiting()).toEqual(["Person 1", "Person 2", "Person 3"]);
    expect(".o_cadence_triage_item:eq(0) .badge:first").toHaveText("Not saved");
    expect(shown()).toBe("2");
    expect(label()).toBe("4 sorted, 3 waiting");
});

test("a refused decision that was undone meanwhile is not reopened on the server", async () => {
    expect.errors(1);
    const slow = new Deferred();
    onRpc("cadence.reply", "action_triage", async () => {
        await slow;
        throw makeServerError({ message: "No" });
    });
    await open();
    await type("i");
    await type("z");
    slow.resolve();
    await animationFrame();
    expect.verifyErrors(["No"]);
    expect.verifySteps([]);
    expect(waiting()).toEqual(["Person 1", "Person 2", "Person 3"]);
});

test("an undo that the server refuses leaves the reply sorted", async () => {
    expect.errors(1);
    onRpc("cadence.reply", "action_reopen", () => {
        throw makeServerError({ message: "Too late" });
    });
    await open();
    await type("i");
    await type("z");
    await animationFrame();
    expect.verifyErrors(["Too late"]);
    expect(waiting()).toEqual(["Person 2", "Person 3"]);
    expect(label()).toBe("5 sorted, 2 waiting");
    expect.verifySteps([["action_triage", 1, "inquiry"]]);
});

test("a card that did not come is asked for again when it is shown", async () => {
    const asked = [];
    onRpc("cadence.reply", "get_triage_card", ({ args: [[id]] }) => {
        asked.push(id);
        if (id === 2 && asked.filter((one) => one === 2).length === 1) {
            throw makeServerError({ message: "Not now" });
        }
    });
    await open();
    expect(asked).toEqual([1, 2, 3]);
    await type("ArrowDown");
    expect(asked).toEqual([1, 2, 3, 2]);
    expect(".o_cadence_triage_text").toHaveText("Text 2");
});

// The queue

test("when few are left the next ones are fetched, without those that were just sorted", async () => {
    server.waiting = Array.from({ length: 25 }, (_, index) => reply(index + 1));
    server.page = 21;
    await open();
    expect(label()).toBe("4 sorted, 25 waiting");
    await type("i");
    await animationFrame();
    expect.verifySteps([["action_triage", 1, "inquiry"], "queue"]);
    expect(waiting()).toHaveLength(20);
    server.waiting = server.waiting.slice(1);
    await type("i");
    await animationFrame();
    expect.verifySteps([["action_triage", 2, "inquiry"], "queue"]);
    expect(waiting().slice(-2)).toEqual(["Person 21", "Person 22"]);
    expect(new Set(waiting()).size).toBe(waiting().length);
});

test("an empty queue says so, asks once more, and undo still works", async () => {
    server.waiting = [reply(1)];
    await open();
    server.waiting = [];
    await type("d");
    await animationFrame();
    expect.verifySteps([["action_triage", 1, "deal"], "queue"]);
    expect(".o_cadence_triage_empty").toHaveText(/No reply waits for you/);
    await type("z");
    expect(shown()).toBe("1");
    expect.verifySteps([["action_reopen", 1]]);
});

test("leaving waits for what is on its way", async () => {
    const slow = new Deferred();
    onRpc("cadence.reply", "action_triage", async () => {
        await slow;
        expect.step("sorted");
        return true;
    });
    await open();
    await type("i");
    const left = getService("action")
        .doAction({ type: "ir.actions.client", tag: "cadence_reply_triage", target: "main" })
        .then(() => expect.step("left"));
    await animationFrame();
    expect.verifySteps([]);
    slow.resolve();
    await left;
    expect.verifySteps(["sorted", "queue", "left"]);
});

// What a reply leads to

test("an inquiry just sorted becomes an opportunity with one key", async () => {
    await open();
    await type("o");
    expect.verifySteps([]);
    patchWithCleanup(getService("action"), { doAction: ({ name }) => expect.step(name) });
    onRpc("cadence.reply", "action_create_opportunity", ({ args: [[id]] }) => ({
        name: `Lead of ${id}`,
    }));
    await type("i");
    expect(".o_cadence_triage_opportunity").toHaveCount(1);
    await type("o");
    await animationFrame();
    expect.verifySteps([["action_triage", 1, "inquiry"], "Lead of 1"]);
    await type("s");
    expect(".o_cadence_triage_opportunity").toHaveCount(0);
    expect.verifySteps([["action_triage", 2, "sample"]]);
});

test("the contact and the lead of a reply open", async () => {
    server.cards[1] = { lead: { id: 77, name: "Cranes" } };
    await open();
    patchWithCleanup(getService("action"), {
        doAction: ({ res_model, res_id }) => expect.step([res_model, res_id]),
    });
    await contains(".o_cadence_triage_contact").click();
    await contains(".o_cadence_triage_lead").click();
    expect.verifySteps([
        ["res.partner", 101],
        ["crm.lead", 77],
    ]);
});

test("quoted text and the letter it answers open on demand, the letter in a frame that may do nothing", async () => {
    leaveFramesAlone();
    server.cards[1] = {
        quoted: "> Dear buyer",
        answers: {
            subject: "Cranes",
            run: "Run",
            date: "2026-07-09 08:00:00",
            html: "<p>Dear buyer</p>",
        },
        kind: "ticket_robot",
        kind_label: "Machine",
        sign: "Auto-Submitted",
    };
    await open();
    expect(".o_cadence_triage_sign").toHaveText("Machine: Auto-Submitted");
    expect(".o_cadence_triage_quote").toHaveCount(0);
    await contains(".o_cadence_triage_quoted").click();
    expect(".o_cadence_triage_quote").toHaveText("> Dear buyer");
    await contains(".o_cadence_triage_answers button").click();
    expect(".o_cadence_triage_letter iframe").toHaveAttribute("srcdoc", "<p>Dear buyer</p>");
    expect(".o_cadence_triage_letter iframe").toHaveAttribute("sandbox", "");
    await type("ArrowDown");
    await type("ArrowUp");
    expect(".o_cadence_triage_quote").toHaveCount(0);
});
