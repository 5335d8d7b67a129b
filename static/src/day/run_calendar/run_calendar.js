import { serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

/** Runs follow from their batches: who drags one is told so, and it stays where it is. */
class RunCalendarCommonRenderer extends CalendarCommonRenderer {
    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    get options() {
        return {
            ...super.options,
            editable: true,
            eventDurationEditable: false,
            eventDrop: (info) => this.explainDrop(info),
        };
    }

    explainDrop(info) {
        info.revert();
        this.notification.add(
            _t(
                "A run stays on the day of its batch. To mail contacts on another day, move them into another batch; for a whole rhythm, change its tag group."
            ),
            { type: "info" }
        );
    }
}

class RunCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: RunCalendarCommonRenderer,
        week: RunCalendarCommonRenderer,
        month: RunCalendarCommonRenderer,
    };
}

/** A day that is clicked says why nothing is on it, as nobody makes runs by hand. */
class RunCalendarController extends CalendarController {
    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    /** A phone begins with today's runs, each on a line of its own; a month has no room for their names. */
    get modelParams() {
        const params = super.modelParams;
        return this.env.isSmall ? { ...params, scale: "day" } : params;
    }

    get className() {
        return `${super.className} o_cadence_run_calendar`;
    }

    async createRecord(record) {
        const note = await this.orm.call("cadence.run", "get_day_note", [
            serializeDate(record.start),
        ]);
        this.notification.add(note, { type: "info" });
    }
}

registry.category("views").add("cadence_run_calendar", {
    ...calendarView,
    Controller: RunCalendarController,
    Renderer: RunCalendarRenderer,
});
