import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const CLICKS = 20;
const SECONDS = 180;
let clicks = 0;
let start = 0;

/** Typing into a field begins with a click into it, which counts. */
function count() {
    clicks++;
}

registry.category("web_tour.tours").add("cadence_first_hour", {
    steps: () => [
        {
            content: "From here on each click counts",
            trigger: ".o_navbar_apps_menu button",
            run(helpers) {
                clicks = 0;
                start = Date.now();
                browser.addEventListener("click", count, true);
                return helpers.click();
            },
        },
        {
            trigger:
                '.o-dropdown--menu .o_app[data-menu-xmlid="mass_mailing_cadence.cadence_menu"]',
            run: "click",
        },
        {
            content: "The first step is the next one",
            trigger: ".o_cadence_step[data-step=segment][aria-current=step] button",
            run: "click",
        },
        {
            content: "The sender is there already",
            trigger: ".modal [name=email_from] input:value(@)",
        },
        { trigger: ".modal [name=lang_id] input", run: "edit English" },
        { trigger: ".dropdown-item:contains(English (United States))", run: "click" },
        { trigger: ".modal [name=customer_group_id] input", run: "edit Equipment dealers" },
        {
            trigger: ".o_m2o_dropdown_option_create:contains(Equipment dealers)",
            run: "click",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "It ticks itself",
            trigger: ".o_cadence_step[data-step=segment][data-done] .fa-check",
        },
        {
            trigger: ".o_cadence_step[data-step=letter][aria-current=step] button",
            run: "click",
        },
        {
            content: "A text in the language of the customers, with a subject",
            trigger:
                ".modal [name=subject] input:value(supplier), .modal [name=subject] textarea:value(supplier)",
        },
        { trigger: ".modal .o_cadence_letter_page" },
        { trigger: ".modal .o_form_button_save", run: "click" },
        {
            content: "A test mail to oneself",
            trigger: ".o_cadence_step[data-step=letter] button[data-method=action_send_test]",
            run: "click",
        },
        { trigger: ".o_notification:contains(test mail is on its way)" },
        {
            trigger: ".o_cadence_step[data-step=contacts][aria-current=step] button",
            run: "click",
        },
        {
            trigger: "[name=pasted_text] textarea",
            run: "edit Ana Silva <ana@first-hour.example>; bob@first-hour.example",
        },
        { trigger: "button[name=action_preview]", run: "click" },
        { trigger: "button[name=action_save]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Saved)" },
        {
            trigger: '[data-menu-xmlid="mass_mailing_cadence.cadence_run_menu_today"]',
            run: "click",
        },
        {
            content: "The batch is on its card at once",
            trigger: ".o_kanban_record:contains(2 expected)",
        },
        {
            trigger:
                ".o_cadence_step[data-step=batch][aria-current=step] button[data-method=action_send_now]",
            run: "click",
        },
        { trigger: ".modal-body:contains(2 mails leave at once)" },
        { trigger: ".modal .btn-primary", run: "click" },
        {
            content: "It says so and goes away",
            trigger: ".o_notification:contains(The first batch has left)",
        },
        { trigger: ".o_kanban_view:not(:has(.o_cadence_checklist))" },
        {
            content: "So many clicks, and so long",
            trigger: ".o_kanban_record:contains(2 mailed of 2)",
            run() {
                browser.removeEventListener("click", count, true);
                const seconds = (Date.now() - start) / 1000;
                console.log(`first hour: ${clicks} clicks, ${seconds} seconds`);
                if (clicks > CLICKS || seconds > SECONDS) {
                    throw new Error(`${clicks} clicks and ${seconds} seconds to the first mail`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("cadence_design", {
    steps: () => [
        {
            content: "The card of a letter in its segment",
            trigger: "a[name=letters]",
            run: "click",
        },
        { trigger: ".o_kanban_record button[name=action_design]", run: "click" },
        {
            content: "The design, and nothing to send it with",
            trigger: ".o_mass_mailing_mailing_form:contains(design of a letter)",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name=action_launch])):not(:has(button[name=action_schedule])):not(:has([name=mailing_domain]))",
        },
        { content: "Back", trigger: ".breadcrumb-item a:contains(English)", run: "click" },
        { trigger: "a[name=letters]", run: "click" },
        { trigger: ".o_kanban_record button[name=action_preview]", run: "click" },
        { content: "For a real contact", trigger: ".modal .o_cadence_letter_page" },
        { trigger: ".modal [name=partner_id] input:value(Contact)" },
        { trigger: ".modal button[special=cancel]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
