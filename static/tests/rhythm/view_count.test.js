import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class View extends models.Model {
    _name = "cadence.view";

    name = fields.Char();
    partner_count = fields.Integer();

    _records = [
        { id: 1, name: "Silent", partner_count: 640312 },
        { id: 2, name: "Risk", partner_count: 12 },
    ];
}

defineMailModels();
defineModels([View]);

test("the list is there before its counts, and each comes when it is known", async () => {
    const counted = { 1: new Deferred(), 2: new Deferred() };
    onRpc("cadence.view", "read", async ({ args }) => {
        await counted[args[0][0]];
    });
    await mountView({
        type: "list",
        resModel: "cadence.view",
        arch: `<list><field name="name"/><widget name="cadence_view_count"/></list>`,
    });
    expect(".o_data_row").toHaveCount(2);
    expect("i.o_cadence_view_count").toHaveCount(2);
    counted[2].resolve();
    await animationFrame();
    expect(".o_data_row:last span.o_cadence_view_count").toHaveText("12");
    expect("i.o_cadence_view_count").toHaveCount(1);
    counted[1].resolve();
    await animationFrame();
    expect(".o_data_row:first span.o_cadence_view_count").toHaveText("640,312");
});

test("what one statement counts is asked for in one request", async () => {
    const requests = [];
    onRpc("cadence.view", "read", ({ args }) => {
        requests.push(args.slice(0, 2));
    });
    await mountView({
        type: "list",
        resModel: "cadence.view",
        arch: `<list><field name="name"/><widget name="cadence_view_count" options="{'together': True}"/></list>`,
    });
    await animationFrame();
    await animationFrame();
    expect(requests).toEqual([[[1, 2], ["partner_count"]]]);
    expect(".o_data_row:first span.o_cadence_view_count").toHaveText("640,312");
    expect(".o_data_row:last span.o_cadence_view_count").toHaveText("12");
});
