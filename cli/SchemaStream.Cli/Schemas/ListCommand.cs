using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;

namespace SchemaStream.Cli.Schemas;

/// <summary><c>schemastream schemas list</c>: the subjects of a registry.</summary>
internal static class ListCommand
{
    private const int Parallelism = 8;

    public static Command Create()
    {
        var prefix = new Option<string>("--prefix") { Description = "Only subjects whose names begin so", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        return CommonOptions.Attach(
            new FriendlyCommand("list", "Lists the subjects with their versions.") { prefix },
            (context, cancellation) => RunAsync(context, context.Get(prefix), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string prefix, CancellationToken cancellationToken)
    {
        using var registry = context.OpenRegistry();
        var subjects = (await registry.ListSubjectsAsync(cancellationToken)).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var found = new ConcurrentDictionary<string, (IReadOnlyList<int> Versions, RegisteredSchema Latest)>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            subjects,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (subject, token) =>
            {
                // One that is deleted meanwhile is left out.
                var versions = await registry.ListVersionsAsync(subject, token);
                if (versions.Count > 0 && await registry.GetLatestAsync(subject, token) is { } latest)
                {
                    found[subject] = (versions, latest);
                }
            });
        var rows = found.OrderBy(each => each.Key, StringComparer.Ordinal).ToList();
        context.Output.Table(
            ["SUBJECT", "TYPE", "LATEST", "ID", "VERSIONS"],
            [.. rows.Select(IReadOnlyList<string> (each) =>
            [
                each.Key,
                SchemaFormatNames.NameOf(each.Value.Latest.Format),
                each.Value.Latest.Version.ToString(CultureInfo.InvariantCulture),
                each.Value.Latest.Id.ToString(CultureInfo.InvariantCulture),
                each.Value.Versions.Count.ToString(CultureInfo.InvariantCulture),
            ])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("subjects");
            foreach (var (subject, (versions, latest)) in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("subject", subject);
                writer.WriteStartArray("versions");
                foreach (var version in versions)
                {
                    writer.WriteNumberValue(version);
                }

                writer.WriteEndArray();
                writer.WritePropertyName("latest");
                SchemaJson.Write(writer, latest, withText: false);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }
}
