import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, queryOne, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
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
    check_page = fields.Json();

    _records = [
        {
            id: 1,
            check_page: {
                email_from: "Li <li@me.example>",
                subject: "Re: cranes",
                preview: "",
                html: '<p>Dear buyer</p><img data-cadence-finding="1" src="x.png">',
                findings: [
                    {
                        code: "reply_prefix",
                        text: "Its subject lies.",
                        fix: "subject",
                        severity: "block",
                        place: "subject",
                    },
                    { code: "no_alt", text: "A picture.", severity: "warn", place: "letter" },
                ],
            },
        },
        {
            id: 2,
            check_page: {
                email_from: "",
                subject: "x",
                preview: "",
                html: "<p>x</p>",
                findings: [],
            },
        },
        { id: 3, check_page: false },
    ];
}

defineMailModels();
defineModels([Letter]);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.letter",
        resId,
        arch: `<form><field name="name"/><field name="check_page" widget="cadence_letter_check" readonly="1"/></form>`,
    });
const getPage = () => queryOne("iframe.o_cadence_letter_check_page");

test("the mail shows its faults where they are, the findings what mends them", async () => {
    onRpc("cadence.letter", "action_mend", ({ args }) => {
        expect.step(args);
        return true;
    });
    await mount(1);
    expect(".o_cadence_letter_check_fault strong").toHaveText("Re: cranes");
    expect(".o_cadence_letter_check_fault").toHaveClass("o_cadence_letter_check_block");
    expect(getPage().getAttribute("srcdoc")).toMatch(
        /\[data-cadence-finding="1"\]\{outline:2px dashed #fd7e14/
    );
    expect(".o_cadence_letter_check_fault i").toHaveAttribute("aria-label", "Mend it");
    expect(getPage().getAttribute("sandbox")).toBe("allow-same-origin");
    expect(".o_cadence_letter_check_list li").toHaveCount(2);
    await contains(".o_cadence_finding_block button").click();
    expect.verifySteps([[[1], "reply_prefix"]]);
});

test("as a phone shows it, and in the dark", async () => {
    await mount(1);
    await contains("button[name=phone]").click();
    expect(getPage().style.width).toBe("375px");
    expect("button[name=phone]").toHaveAttribute("aria-pressed", "true");
    await contains("button[name=dark]").click();
    expect(getPage().getAttribute("srcdoc")).toMatch(/invert\(1\)/);
    await contains("button[name=dark]").click();
    expect(getPage().getAttribute("srcdoc")).not.toMatch(/invert\(1\)/);
});

test("a finding that is reached by keyboard points at its place", async () => {
    await mount(1);
    const item = queryOne(".o_cadence_finding_warn");
    expect(item.tabIndex).toBe(0);
    await new Promise((resolve) => {
        if (getPage().contentDocument?.getElementById("pointed")) {
            resolve();
        } else {
            getPage().addEventListener("load", resolve, { once: true });
        }
    });
    item.focus();
    await animationFrame();
    expect(getPage().contentDocument.getElementById("pointed").textContent).toMatch(/finding="1"/);
    item.blur();
    await animationFrame();
    expect(getPage().contentDocument.getElementById("pointed").textContent).toBe("");
});

test("a letter that is fine says so", async () => {
    await mount(2);
    expect(".o_cadence_letter_check_line i").toHaveCount(0);
    expect(".o_cadence_letter_check_list p").toHaveText("Nothing keeps it out of the inbox.");
});

test("a letter that cannot be filled in shows nothing", async () => {
    await mount(3);
    expect(".o_cadence_letter_check").toHaveCount(0);
});
