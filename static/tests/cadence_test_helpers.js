import { getFixture } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";

/** Hoot reaches into every frame, and a letter's frame lets nobody in: such a test calls this before it mounts. */
export function leaveFramesAlone() {
    patchWithCleanup(getFixture().constructor.prototype, { _lookForIframes() {} });
}
