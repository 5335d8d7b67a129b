import { Component, onWillDestroy, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** How many contacts a customer view has: asked for when the screen is there already, for among a million it takes a moment. */
export class ViewCount extends Component {
    static template = "mass_mailing_cadence.ViewCount";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ count: null });
        onWillDestroy(() => (this.isGone = true));
        onWillUpdateProps(({ record }) => this.load(record.resId));
        this.load(this.props.record.resId);
    }

    async load(resId) {
        this.state.count = null;
        const [row] = resId
            ? await this.orm.silent.read(this.props.record.resModel, [resId], ["partner_count"])
            : [];
        if (row && !this.isGone && resId === this.props.record.resId) {
            this.state.count = formatInteger(row.partner_count);
        }
    }
}

registry.category("view_widgets").add("cadence_view_count", { component: ViewCount });
