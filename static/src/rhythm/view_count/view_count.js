import { Component, onWillDestroy, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const asked = new Map(); // {model and field: records whose numbers are asked for in one request}

/** The field of a record, asked for together with those of the other records that are shown at the same moment. */
function readTogether(orm, model, id, field) {
    const key = `${model},${field}`;
    if (!asked.has(key)) {
        const ids = new Set();
        const numbers = new Promise((resolve) => setTimeout(resolve)).then(async () => {
            asked.delete(key);
            const rows = await orm.silent.read(model, [...ids], [field]);
            return new Map(rows.map((row) => [row.id, row]));
        });
        asked.set(key, { ids, numbers });
    }
    const { ids, numbers } = asked.get(key);
    ids.add(id);
    return numbers.then((rows) => rows.get(id));
}

/**
 * How many contacts a customer view has, or what else `field` counts: asked for when the screen is there already, for among a
 * million it takes a moment. `together`: one request for all cards, where one statement counts them all.
 */
export class ViewCount extends Component {
    static template = "mass_mailing_cadence.ViewCount";
    static props = {
        ...standardWidgetProps,
        field: { type: String, optional: true },
        together: { type: Boolean, optional: true },
    };
    static defaultProps = { field: "partner_count", together: false };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ count: null });
        onWillDestroy(() => (this.isGone = true));
        onWillUpdateProps(({ record }) => this.load(record.resId));
        this.load(this.props.record.resId);
    }

    async load(resId) {
        this.state.count = null;
        const row = resId && (await this.read(resId));
        if (row && !this.isGone && resId === this.props.record.resId) {
            this.state.count = formatInteger(row[this.props.field]);
        }
    }

    async read(resId) {
        const { field, record, together } = this.props;
        if (together) {
            return readTogether(this.orm, record.resModel, resId, field);
        }
        return (await this.orm.silent.read(record.resModel, [resId], [field]))[0];
    }
}

registry.category("view_widgets").add("cadence_view_count", {
    component: ViewCount,
    extractProps: ({ options }) => options,
});
