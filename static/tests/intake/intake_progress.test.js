import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { destroy, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    defineModels,
    fields,
    makeServerError,
    models,
    MockServer,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const SAVING = {
    state: "saving",
    paused: false,
    done: 0,
    total: 4000,
    share: 0,
    rate: 0,
    seconds_left: 0,
};

class Intake extends models.Model {
    _name = "cadence.intake";

    progress = fields.Json();
    state = fields.Char();
    paused = fields.Boolean();

    _records = [
        { id: 1, state: "saving", progress: SAVING },
        { id: 2, state: "reading", progress: { ...SAVING, state: "reading", done: 60, total: 0 } },
        { id: 3, state: "saved", progress: { ...SAVING, state: "saved" } },
        { id: 4, state: "saving", paused: true, progress: { ...SAVING, paused: true, share: 0.5 } },
    ];
}

defineMailModels();
defineModels([Intake]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.intake",
        resId,
        arch: `<form>
            <field name="state" readonly="1"/>
            <field name="progress" widget="cadence_intake_progress" readonly="1"/>
        </form>`,
    });

const BAR = ".o_cadence_intake_progress";

test("the bar moves once a second and says what is left", async () => {
    const answers = [
        { ...SAVING, done: 1000, share: 0.257, rate: 1234, seconds_left: 80 },
        { ...SAVING, done: 2000, share: 0.5, rate: 10, seconds_left: 200 },
    ];
    onRpc("cadence.intake", "get_progress", ({ args }) => {
        expect.step(args);
        return answers.shift();
    });
    await mount(1);
    expect(`${BAR} strong`).toHaveText("Saving");
    expect(`${BAR} .text-muted:first`).toHaveText("0 of 4,000 rows");
    expect(`${BAR} .progress-bar`).toHaveText("");
    await advanceTime(1000);
    await animationFrame();
    expect(`${BAR} .text-muted:first`).toHaveText(
        "1,000 of 4,000 rows · 1,234 a second · 80 s left"
    );
    expect(`${BAR} .progress-bar`).toHaveText("25%");
    expect(`${BAR} .progress-bar`).toHaveAttribute("style", "width: 25%;");
    await advanceTime(1000);
    await animationFrame();
    expect(`${BAR} .text-muted:first`).toHaveText("2,000 of 4,000 rows · 10 a second · 3 min left");
    expect.verifySteps([[1], [1]]);
});

test("while the rows are still being counted it says how many there are so far", async () => {
    await mount(2);
    expect(`${BAR} strong`).toHaveText("Reading and comparing");
    expect(`${BAR} .text-muted:first`).toHaveText("60 rows");
});

test("a paused one says so and stands still", async () => {
    await mount(4);
    expect(`${BAR} strong`).toHaveText("Paused");
    expect(`${BAR} .progress-bar`).toHaveClass("bg-warning");
    expect(`${BAR} .progress-bar`).not.toHaveClass("progress-bar-animated");
});

test("the form is loaded anew when the work is done, and then nothing is asked any more", async () => {
    onRpc("cadence.intake", "get_progress", () => {
        expect.step("get_progress");
        MockServer.env["cadence.intake"].write([1], { state: "saved" });
        return { ...SAVING, state: "saved", done: 4000, share: 1 };
    });
    await mount(1);
    await advanceTime(1000);
    await animationFrame();
    expect(".o_field_widget[name=state]").toHaveText("saved");
    await advanceTime(5000);
    expect.verifySteps(["get_progress"]);
});

test("nothing is asked about an intake that nobody works on", async () => {
    onRpc("cadence.intake", "get_progress", () => expect.step("get_progress"));
    await mount(3);
    await advanceTime(5000);
    expect.verifySteps([]);
});

test("a slow server is asked again only after it has answered", async () => {
    const answer = new Deferred();
    onRpc("cadence.intake", "get_progress", async () => {
        expect.step("get_progress");
        await answer;
        return SAVING;
    });
    await mount(1);
    await advanceTime(3500);
    expect.verifySteps(["get_progress"]);
    answer.resolve();
    await animationFrame();
    await advanceTime(1000);
    expect.verifySteps(["get_progress"]);
});

test("after an error, and when the form is left, nothing is asked any more", async () => {
    expect.errors(1);
    onRpc("cadence.intake", "get_progress", () => {
        expect.step("get_progress");
        throw makeServerError({ message: "Somebody has deleted it" });
    });
    await mount(1);
    await advanceTime(1000);
    await animationFrame();
    expect.verifyErrors(["Somebody has deleted it"]);
    await advanceTime(5000);
    expect.verifySteps(["get_progress"]);
});

test("who leaves the form stops asking", async () => {
    onRpc("cadence.intake", "get_progress", () => expect.step("get_progress"));
    const view = await mount(1);
    destroy(view);
    await advanceTime(5000);
    expect.verifySteps([]);
});
