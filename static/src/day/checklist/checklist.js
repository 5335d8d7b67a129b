import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { RunKanbanRenderer } from "../fresh_runs/fresh_runs";

const POLL_MS = 2000;

/** The steps of the first hour, on top of Today until the first mail has left: it ticks itself and opens the next step. */
export class Checklist extends Component {
    static template = "mass_mailing_cadence.Checklist";
    static props = { state: Object, reload: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState(this.props.state);
        this.isMoving = false;
        // Later than `onWillStart`: what changes the renderer's state before would make it begin anew, for ever.
        onMounted(() => this.load());
        onWillUnmount(() => clearTimeout(this.timer));
    }

    get steps() {
        return this.state.steps || [];
    }

    async load() {
        clearTimeout(this.timer);
        const wasMoving = this.isMoving;
        const hadSteps = this.steps.length > 0;
        const found = await this.orm.silent.call("cadence.checklist", "get_steps", []);
        this.state.steps = found ? found.steps : [];
        this.isMoving = Boolean(found && found.is_moving);
        if (this.isMoving) {
            this.timer = setTimeout(() => this.load(), POLL_MS);
        } else if (hadSteps && !found) {
            this.notification.add(_t("The first batch has left. The others leave on their days."), {
                type: "success",
            });
        }
        if (this.isMoving !== wasMoving) {
            await this.props.reload();
        }
    }

    press(button) {
        if (!button.confirm) {
            return this.open(button);
        }
        this.dialog.add(ConfirmationDialog, {
            title: button.label,
            body: button.confirm,
            confirmLabel: _t("Send Now"),
            confirm: () => this.open(button),
            cancel: () => {},
        });
    }

    async open({ action, model, id, method }) {
        const onClose = async () => {
            await this.load();
            await this.props.reload();
        };
        if (action) {
            return this.action.doAction(action, { onClose });
        }
        await this.action.doActionButton({
            type: "object",
            name: method,
            resModel: model,
            resId: id,
            resIds: [id],
            context: {},
            onClose,
        });
    }
}

/** Today's cards, below the steps as long as there are any. */
export class TodayRenderer extends RunKanbanRenderer {
    static template = "mass_mailing_cadence.TodayRenderer";
    static components = { ...RunKanbanRenderer.components, Checklist };

    setup() {
        super.setup();
        this.checklist = useState({ steps: null }); // not known yet
    }

    get showNoContentHelper() {
        return this.checklist.steps?.length === 0 && super.showNoContentHelper;
    }

    async reload() {
        await this.props.list.load();
    }
}

registry.category("views").add("cadence_today_kanban", {
    ...kanbanView,
    Renderer: TodayRenderer,
});
