using System.CommandLine;
using SchemaStream.Cli.Kafka.Groups;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups list</c>.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var prefix = new Option<string>("--prefix") { Description = "Only groups whose names begin so", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        return CommonOptions.Attach(
            new FriendlyCommand("list", "Lists the consumer groups.") { prefix },
            (context, cancellation) => RunAsync(context, context.Get(prefix), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string prefix, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var groups = (await new GroupAdministration(cluster).ListAsync(cancellationToken))
            .Where(group => group.GroupId.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        context.Output.Table(["GROUP", "PROTOCOL", "STATE"], [.. groups.Select(IReadOnlyList<string> (group) => [group.GroupId, group.Type, group.State])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("groups");
            foreach (var group in groups)
            {
                writer.WriteStartObject();
                writer.WriteString("group", group.GroupId);
                writer.WriteString("protocol", group.Type);
                writer.WriteString("state", group.State);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }
}
