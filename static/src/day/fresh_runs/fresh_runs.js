import { onWillUnmount, toRaw, useEffect, useExternalListener } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

const SOON_MS = 5000;
const LATE_MS = 30000; // as long as the answers stay the same: a sender at its limit, a mail server that does not answer
const DAY_MS = 24 * 60 * 60 * 1000; // a browser's timer that is to wait for longer than 24 of them does not wait at all
const SHARE = 20; // of the server's time a page takes at most this part

/** What changes of a run while its mails leave; other wings add theirs. Of these only what the view has is asked for. */
export const FRESH_FIELDS = new Set([
    ...["word", "is_held", "is_stopped", "is_draft", "can_send_now", "blocked_reason"],
    ...["audience_count", "mailed_count", "leaving_count", "waiting_count", "doubt_count"],
    ...["send_datetime", "deferred_count", "excluded_count", "count_note", "pace_note", "story"],
]);

/** What changes once or twice a day, and much with it: the whole run is loaded anew. These too are asked for. */
export const TURNING_FIELDS = new Set(["state"]);

/** In how many milliseconds mails of the run leave: 0 while they do, Infinity where none will before somebody does something. */
function getWait({ word, is_draft, leaving_count, send_datetime }) {
    if (leaving_count) {
        return 0;
    }
    if (is_draft || !["leaving", "queued"].includes(word)) {
        return Infinity;
    }
    return word === "leaving" ? 0 : Math.max((send_datetime?.toMillis() || 0) - Date.now(), 0);
}

/**
 * Keeps the figures of runs fresh while their mails leave: one question for all of them every few seconds, none when nothing
 * leaves, the tab is hidden, or the server has failed. What somebody is typing stays.
 *
 * @param {() => Object[]} getRecords the shown ones, of views that have `word`, `is_draft`, `leaving_count` and `send_datetime`
 * @param {(record: Object) => unknown} onTurn called when a run has begun, is done, or another of TURNING_FIELDS has changed
 */
export function useFreshRuns(getRecords, onTurn) {
    const orm = useService("orm");
    let timer;
    let isAsking = false;
    let hasFailed = false;
    let isOver = false;
    let pause = SOON_MS;

    const getKnown = () => getRecords().filter((record) => record.resId);
    const isShown = (record) => getKnown().some((known) => toRaw(known) === toRaw(record));
    const isVisible = () => document.visibilityState === "visible";
    const getNextWait = () => Math.min(...getKnown().map((record) => getWait(record.data)));

    function plan(least = pause) {
        clearTimeout(timer);
        const wait = getNextWait();
        if (!isOver && !hasFailed && !isAsking && isVisible() && wait < DAY_MS) {
            timer = setTimeout(ask, Math.max(least, wait));
        }
    }

    async function ask() {
        const begin = Date.now();
        const records = getKnown();
        isAsking = true;
        try {
            const hasChanged = await refresh(records);
            pause = hasChanged ? SOON_MS : Math.min(2 * pause, LATE_MS);
        } catch (error) {
            hasFailed = true; // the session has ended, or the server does not answer: until somebody loads the page anew
            throw error;
        } finally {
            isAsking = false;
        }
        plan(Math.max(pause, SHARE * (Date.now() - begin)));
    }

    async function refresh(records) {
        if (!records.length) {
            return false;
        }
        const [{ activeFields, context }] = records;
        const names = [...FRESH_FIELDS, ...TURNING_FIELDS].filter((name) => name in activeFields);
        const ids = records.map((record) => record.resId);
        // A search, for of runs that were deleted meanwhile it says nothing, where a read would fail.
        const answers = await orm.silent.searchRead("cadence.run", [["id", "in", ids]], names, {
            context,
        });
        let hasChanged = false;
        for (const { id, ...values } of answers) {
            const record = records.find(({ resId }) => resId === id);
            if (isOver || !isShown(record)) {
                continue; // the page shows others now
            }
            const before = JSON.stringify(names.map((name) => record.data[name]));
            const wasAt = [...TURNING_FIELDS].map((name) => record.data[name]).join();
            record._applyValues(values); // beside what somebody has changed, as the model does itself
            hasChanged ||= before !== JSON.stringify(names.map((name) => record.data[name]));
            if (wasAt !== [...TURNING_FIELDS].map((name) => record.data[name]).join()) {
                await onTurn(record);
            }
        }
        return hasChanged;
    }

    // Each time that the view has loaded its runs anew, by a button, a filter, the pager.
    useEffect(
        () => {
            pause = SOON_MS;
            hasFailed = false;
            plan();
        },
        () => [getRecords().length, toRaw(getRecords()[0]), getNextWait() === Infinity]
    );
    useExternalListener(document, "visibilitychange", () => {
        hasFailed = false; // a notebook that was asleep has its network back
        plan(0);
    });
    onWillUnmount(() => {
        isOver = true;
        clearTimeout(timer);
    });
}

/** The cards of runs, on Today and elsewhere. */
export class RunKanbanRenderer extends KanbanRenderer {
    setup() {
        super.setup();
        useFreshRuns(
            () => this.props.list.records,
            (record) => record.load()
        );
    }
}

/** A run's page: loaded anew when the run is done, for its mailings and its log, unless somebody is typing in it. */
export class RunFormRenderer extends FormRenderer {
    setup() {
        super.setup();
        useFreshRuns(
            () => [this.props.record],
            async (record) => {
                if (!(await record.isDirty())) {
                    await record.load();
                }
            }
        );
    }
}

registry.category("views").add("cadence_run_kanban", {
    ...kanbanView,
    Renderer: RunKanbanRenderer,
});
registry.category("views").add("cadence_run_form", { ...formView, Renderer: RunFormRenderer });
