using System.CommandLine;
using System.Globalization;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups members</c>.</summary>
internal static class MembersCommand
{
    public static Command Create()
    {
        var group = GroupsCommand.Group();
        return CommonOptions.Attach(
            new FriendlyCommand("members", "Shows who reads with a group, and what.") { group },
            (context, cancellation) => RunAsync(context, context.Get(group), cancellation));
    }

    private static async Task<int> RunAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var group = await GroupLookup.RequireAsync(cluster, name, cancellationToken);
        context.Output.Table(
            ["MEMBER", "CLIENT", "HOST", "COUNT", "PARTITIONS"],
            [.. group.Members.Select(IReadOnlyList<string> (member) =>
            [
                member.MemberId,
                member.ClientId,
                member.Host,
                member.Assignment.Count.ToString(CultureInfo.InvariantCulture),
                string.Join(", ", member.Assignment.Order()),
            ])]);
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("group", group.GroupId);
            writer.WriteString("state", group.State);
            writer.WriteStartArray("members");
            foreach (var member in group.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("memberId", member.MemberId);
                writer.WriteString("instanceId", member.InstanceId.Length == 0 ? null : member.InstanceId);
                writer.WriteString("clientId", member.ClientId);
                writer.WriteString("host", member.Host);
                writer.WriteStartArray("partitions");
                foreach (var partition in member.Assignment.Order())
                {
                    writer.WriteStartObject();
                    writer.WriteString("topic", partition.Topic);
                    writer.WriteNumber("partition", partition.Partition);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }
}
