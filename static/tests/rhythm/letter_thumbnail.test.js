import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { leaveFramesAlone } from "../cadence_test_helpers";

class Letter extends models.Model {
    _name = "cadence.letter";

    preview = fields.Html();

    _records = [
        { id: 1, preview: '<p>Dear <b>buyer</b></p><script>alert("no")</script>' },
        { id: 2, preview: false },
    ];
}

defineMailModels();
defineModels([Letter]);
beforeEach(leaveFramesAlone);

const mount = (resId) =>
    mountView({
        type: "form",
        resModel: "cadence.letter",
        resId,
        arch: `<form><field name="preview" widget="cadence_letter_thumbnail" readonly="1"/></form>`,
    });

test("a letter is shown as it is, in a frame that may do nothing", async () => {
    await mount(1);
    expect(".o_cadence_thumbnail iframe").toHaveCount(1);
    expect(".o_cadence_thumbnail iframe").toHaveAttribute("sandbox", "");
    expect(".o_cadence_thumbnail iframe").toHaveAttribute("srcdoc", /Dear <b>buyer<\/b>/);
});

test("a letter without a text is an empty frame", async () => {
    await mount(2);
    expect(".o_cadence_thumbnail iframe").toHaveAttribute("srcdoc", "");
});
