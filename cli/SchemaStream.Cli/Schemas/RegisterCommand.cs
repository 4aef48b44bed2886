using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Schemas.Comparing;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas register</c>: puts a file under a subject.</summary>
internal static class RegisterCommand
{
    public static Command Create()
    {
        var subject = SubjectArguments.Subject();
        var file = new Option<FileInfo>("--file") { Description = "The schema: avsc, json or proto", HelpName = "FILE", Required = true };
        var type = SubjectArguments.Type();
        var references = SubjectArguments.References();
        var dryRun = new Option<bool>("--dry-run") { Description = "Checks, and registers nothing" };
        return CommonOptions.Attach(
            new FriendlyCommand("register", "Registers a schema file under a subject. The same again is no change.") { subject, file, type, references, dryRun },
            async (context, cancellation) =>
            {
                using var registry = context.OpenRegistry();
                var schema = await SchemaText.OfFileAsync(registry, context.Get(file), context.Get(type), context.Get(references), cancellation);
                schema.Parse(SchemaStream.Registry.Core.Formats.SchemaStrictness.Strict);
                return context.Get(dryRun)
                    ? await TryAsync(context, registry, context.Get(subject), schema, cancellation)
                    : await RegisterAsync(context, registry, context.Get(subject), schema, cancellation);
            });
    }

    private static async Task<int> RegisterAsync(
        CommandContext context, SchemaStream.Registry.Client.RegistryClient registry, string subject, SchemaText schema, CancellationToken cancellationToken)
    {
        var before = await registry.FindSchemaAsync(subject, schema.Definition, cancellationToken);
        var id = before?.Id ?? (await registry.RegisterAsync(subject, schema.Definition, cancellationToken)).Id;
        // Who registers is told the id alone by older registries.
        var registered = before ?? await registry.FindSchemaAsync(subject, schema.Definition, cancellationToken)
            ?? throw ErrorCatalog.RegistryRefuses.Exception($"The registry took the schema as {id}, and does not find it under '{subject}'.");
        context.Output.Line(before is null
            ? $"registered {subject} version {registered.Version}, id {id}"
            : $"{subject} has it already: version {registered.Version}, id {id}");
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject", subject);
            writer.WriteNumber("version", registered.Version);
            writer.WriteNumber("id", id);
            writer.WriteString("type", SchemaFormatNames.NameOf(schema.Format));
            writer.WriteBoolean("isNew", before is null);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static async Task<int> TryAsync(
        CommandContext context, SchemaStream.Registry.Client.RegistryClient registry, string subject, SchemaText schema, CancellationToken cancellationToken)
    {
        var check = await SchemaCheck.RunAsync(registry, subject, schema, null, cancellationToken);
        if (!check.IsCompatible)
        {
            throw ErrorCatalog.Incompatible.Exception(
                $"'{subject}' would not take the schema.", string.Join("; ", check.Broken), $"See all with `schemastream schemas check {subject}`.");
        }

        var before = await registry.FindSchemaAsync(subject, schema.Definition, cancellationToken);
        context.Output.Line(before is null ? $"{subject} would take it as its next version" : $"{subject} has it already: version {before.Version}, id {before.Id}");
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject", subject);
            writer.WriteString("type", SchemaFormatNames.NameOf(schema.Format));
            writer.WriteBoolean("isNew", before is null);
            writer.WriteBoolean("dryRun", true);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }
}
