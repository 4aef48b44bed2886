using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Schemas.Comparing;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas check</c>: could a file be registered?</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var subject = SubjectArguments.Subject();
        var file = new Option<FileInfo>("--file") { Description = "The schema: avsc, json or proto", HelpName = "FILE", Required = true };
        var type = SubjectArguments.Type();
        var references = SubjectArguments.References();
        var level = new Option<string?>("--level") { Description = "The compatibility level to check for (default: the subject's own)", HelpName = "LEVEL" };
        return CommonOptions.Attach(
            new FriendlyCommand("check", "Checks a schema file against a subject, without registering it; ends with 4 when it is refused.")
            {
                subject, file, type, references, level,
            },
            async (context, cancellation) =>
            {
                using var registry = context.OpenRegistry();
                var schema = await SchemaText.OfFileAsync(registry, context.Get(file), context.Get(type), context.Get(references), cancellation);
                var wanted = context.Get(level) is { } name ? CompatibilityNames.Read(name) : (CompatibilityLevel?)null;
                var check = await SchemaCheck.RunAsync(registry, context.Get(subject), schema, wanted, cancellation);
                Tell(context, context.Get(subject), check);
                return check.IsCompatible ? ExitCodes.Done : ExitCodes.Refused;
            });
    }

    private static void Tell(CommandContext context, string subject, SchemaCheck check)
    {
        var level = CompatibilityNames.NameOf(check.Level);
        var compared = check.Versions.Count == 0 ? "no version" : $"version {string.Join(", ", check.Versions)}";
        if (check.IsCompatible)
        {
            context.Output.Line($"compatible with {subject}: {level}, compared with {compared}");
        }
        else
        {
            context.Output.Line($"not compatible with {subject}: {level}, compared with {compared}");
            foreach (var rule in check.Broken)
            {
                context.Output.Line($"  {rule}{(rule.Version > 0 ? $" (version {rule.Version})" : "")}");
            }

            if (!context.Output.IsJson)
            {
                context.Output.Error(ErrorCatalog.Incompatible.Of($"{check.Broken.Count} {(check.Broken.Count == 1 ? "rule is" : "rules are")} broken."));
            }
        }

        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject", subject);
            writer.WriteBoolean("isCompatible", check.IsCompatible);
            writer.WriteString("level", level);
            writer.WriteStartArray("comparedWith");
            foreach (var version in check.Versions)
            {
                writer.WriteNumberValue(version);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("broken");
            foreach (var rule in check.Broken)
            {
                rule.Write(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
