"""Bilderatlas: learn, compare and show visual representations of a collection.

Table of contents: settings, then one file a floor, then the targets.
"""

from snakemake.utils import min_version

min_version("9.0")


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/acquire.smk"
include: "workflow/rules/links.smk"
include: "workflow/rules/acquire_dew.smk"
include: "workflow/rules/crops.smk"
include: "workflow/rules/catalogue.smk"
include: "workflow/rules/pack.smk"
include: "workflow/rules/prints.smk"
include: "workflow/rules/divide.smk"
include: "workflow/rules/simclr.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/maps.smk"
include: "workflow/rules/analyse.smk"
include: "workflow/rules/show.smk"
include: "workflow/rules/show_crops.smk"
include: "workflow/rules/show_maps.smk"
include: "workflow/rules/results.smk"
include: "workflow/rules/worklist.smk"
include: "workflow/rules/people.smk"


localrules:
    all,
    simclr,


rule all:
    default_target: True
    input:
        rules.simclr.input,
        products_for_people,
        proposed_crops,


onstart:
    due = list(workflow.dag.needrun_jobs())
    for told in (downloads_due(due), cost_of_due_jobs(due)):
        if told:
            logger.info(told)


onsuccess:
    tell_stale_models()


onerror:
    tell_stale_models()
