import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryAllTexts, test } from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Letter extends models.Model {
    _name = "cadence.letter";

    name = fields.Char();
    findings = fields.Json();

    _records = [
        {
            id: 1,
            findings: [
                {
                    code: "reply_prefix",
                    text: "Its subject lies.",
                    where: "Re: x",
                    fix: "subject",
                    severity: "block",
                },
                {
                    code: "no_alt",
                    text: "A picture.",
                    where: "",
                    fix: "",
                    severity: "warn",
                    is_accepted: true,
                },
                {
                    code: "dmarc_none",
                    text: "No DMARC.",
                    wanted: "v=DMARC1; p=none",
                    severity: "warn",
                },
            ],
        },
        { id: 2, findings: false },
    ];
}

defineMailModels();
defineModels([Letter]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.letter",
        resId,
        arch: `<form><field name="name"/><field name="findings" widget="cadence_findings" readonly="1"/></form>`,
    });

test("each finding is a sentence, with its place and what mends it", async () => {
    onRpc("cadence.letter", "action_mend", ({ args }) => {
        expect.step(args);
        return true;
    });
    await mount(1);
    expect(queryAllTexts(".o_cadence_findings li span:not(.badge)")).toEqual([
        "Its subject lies.",
        "A picture.",
        "No DMARC.",
    ]);
    expect(".o_cadence_finding_block .text-muted").toHaveText("Re: x");
    expect(".o_cadence_findings .badge").toHaveCount(1);
    expect(".o_cadence_findings code").toHaveText("v=DMARC1; p=none");
    await contains(".o_cadence_finding_block button").click();
    expect.verifySteps([[[1], "reply_prefix"]]);
});

test("how grave a finding is can be told without its colour", async () => {
    await mount(1);
    const titles = [...document.querySelectorAll(".o_cadence_findings li > i")].map(
        (icon) => icon.title
    );
    expect(titles).toEqual(["Mend it", "Could be better", "Could be better"]);
});

test("a letter without findings shows nothing", async () => {
    await mount(2);
    expect(".o_cadence_findings li").toHaveCount(0);
});
