using System.CommandLine;
using System.Globalization;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas versions</c>: the versions of a subject.</summary>
internal static class VersionsCommand
{
    public static Command Create()
    {
        var subject = SubjectArguments.Subject();
        return CommonOptions.Attach(
            new FriendlyCommand("versions", "Lists the versions of a subject, and its compatibility level.") { subject },
            (context, cancellation) => RunAsync(context, context.Get(subject), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string subject, CancellationToken cancellationToken)
    {
        using var registry = context.OpenRegistry();
        var schemas = new List<RegisteredSchema>();
        foreach (var version in await RegistryLookup.VersionsAsync(registry, subject, cancellationToken))
        {
            schemas.Add(await RegistryLookup.VersionAsync(registry, subject, version, cancellationToken));
        }

        var level = await registry.GetCompatibilityAsync(subject, cancellationToken);
        context.Output.Line($"compatibility {CompatibilityNames.NameOf(level)}");
        context.Output.Table(
            ["VERSION", "ID", "TYPE", "REFERENCES"],
            [.. schemas.Select(IReadOnlyList<string> (schema) =>
            [
                schema.Version.ToString(CultureInfo.InvariantCulture),
                schema.Id.ToString(CultureInfo.InvariantCulture),
                SchemaFormatNames.NameOf(schema.Format),
                string.Join(", ", schema.References.Select(reference => $"{reference.Subject}:{reference.Version}")),
            ])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject", subject);
            writer.WriteString("compatibility", CompatibilityNames.NameOf(level));
            writer.WriteStartArray("versions");
            foreach (var schema in schemas)
            {
                SchemaJson.Write(writer, schema, withText: false);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }
}
