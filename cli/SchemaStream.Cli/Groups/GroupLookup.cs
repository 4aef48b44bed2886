using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Groups;

namespace SchemaStream.Cli.Groups;

/// <summary>The groups that commands name.</summary>
internal static class GroupLookup
{
    /// <exception cref="CliException">There is no such group.</exception>
    public static async Task<GroupDescription> RequireAsync(ToolCluster cluster, string group, CancellationToken cancellationToken)
    {
        var groups = new GroupAdministration(cluster);
        var described = await groups.DescribeAsync(group, cancellationToken);
        return described.State == GroupDescription.Dead
            ? throw await UnknownAsync(groups, group, cancellationToken)
            : described;
    }

    public static async Task<CliException> UnknownAsync(GroupAdministration groups, string group, CancellationToken cancellationToken) =>
        ErrorCatalog.GroupUnknown.Exception(
            $"There is no group '{group}'.", nextStep: NearMisses.Ask(group, (await groups.ListAsync(cancellationToken)).Select(each => each.GroupId)));
}
