//! Templates in scenarios.

use amc_fleet::templates::{Template, TemplateSource};
use amc_fleet::{Fleet, Result, TemplateFilter, TemplateHead, TemplateUsage, TemplateVersion, Workflow};
use serde_json::{Value, json};

pub(crate) async fn on_templates(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Option<Value>> {
    let text = |name: &str| arguments[name].as_str().map(str::to_owned);
    let id = arguments["id_or_name"].as_str().unwrap_or_default();
    Ok(Some(match verb {
        "save_template" => {
            let template = Template::read(arguments["template"].clone())?;
            shown(fleet.save_template(template, text("note")).await?)
        }
        "template" => shown(fleet.template(id).await?),
        "template_versions" => fleet.template_versions(id).await?.into_iter().map(shown).collect(),
        "templates" => {
            let deprecated = arguments["deprecated"].as_bool().unwrap_or_default();
            let (category, tag) = (text("category"), text("tag"));
            let filter = TemplateFilter { text: text("text"), category, tag, deprecated };
            fleet.templates(&filter).await?.into_iter().map(shown).collect()
        }
        "deprecate_template" => shown(fleet.deprecate_template(id, arguments["why"].as_str()).await?),
        "restore_template" => shown(fleet.restore_template(id).await?),
        "template_usage" => counted(fleet.template_usage(id).await?),
        "use_template" => {
            let source = TemplateSource::read(arguments["template"].clone())?;
            made(&fleet.use_template(source, text("name")).await?)
        }
        "save_as_template" => {
            let category = text("category").unwrap_or_default();
            let head = TemplateHead { category, ..TemplateHead::default() };
            shown(fleet.save_as_template(&text("workflow").unwrap_or_default(), head).await?)
        }
        _ => return Ok(None),
    }))
}

fn shown(version: TemplateVersion) -> Value {
    let TemplateVersion { id, number, content_hash, template, note, deprecated_at, deprecation, .. } =
        version;
    json!({
        "id": id.public(),
        "number": number,
        "content_hash": content_hash,
        "template": template,
        "note": note,
        "deprecated_at": deprecated_at,
        "deprecation": deprecation,
    })
}

fn counted(usage: TemplateUsage) -> Value {
    let success_rate = usage.success_rate();
    let TemplateUsage { workflows, batches, executions, completed, failed, .. } = usage;
    json!({
        "workflows": workflows,
        "batches": batches,
        "executions": executions,
        "completed": completed,
        "failed": failed,
        "success_rate": success_rate,
    })
}

fn made(workflow: &Workflow) -> Value {
    json!({"name": workflow.name, "sql": workflow.sql, "window": workflow.window, "template": workflow.template})
}
