using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Acls;

/// <summary>Access rules as a cluster with an authorizer keeps them.</summary>
internal sealed class AclAdministration(ToolCluster cluster)
{
    /// <summary>The rules on some resources; null: on all.</summary>
    public async Task<IReadOnlyList<(AclResource Resource, AclRule Rule)>> ListAsync(AclResource? filter, CancellationToken cancellationToken)
    {
        var answer = await cluster.AskAnyAsync(
            new DescribeAclsRequest
            {
                ResourceTypeFilter = filter?.Type ?? AclNames.Any,
                ResourceNameFilter = filter?.Name,
                PatternTypeFilter = filter?.Pattern ?? AclNames.Any,
                PrincipalFilter = null,
                HostFilter = null,
                Operation = AclNames.Any,
                PermissionType = AclNames.Any,
            },
            cancellationToken);
        Require(answer.ErrorCode, answer.ErrorMessage);
        return
        [
            .. from resource in answer.Resources
               from acl in resource.Acls
               select (new AclResource(resource.ResourceType, resource.ResourceName, resource.PatternType),
                   new AclRule(acl.Principal, acl.Host, acl.Operation, acl.PermissionType)),
        ];
    }

    public async Task AddAsync(AclResource resource, IReadOnlyCollection<AclRule> rules, CancellationToken cancellationToken)
    {
        var answer = await cluster.AskControllerAsync(
            new CreateAclsRequest
            {
                Creations = [.. rules.Select(rule => new CreateAclsRequest.AclCreation
                {
                    ResourceType = resource.Type,
                    ResourceName = resource.Name,
                    ResourcePatternType = resource.Pattern,
                    Principal = rule.Principal,
                    Host = rule.Host,
                    Operation = rule.Operation,
                    PermissionType = rule.Permission,
                })],
            },
            cancellationToken);
        foreach (var result in answer.Results)
        {
            Require(result.ErrorCode, result.ErrorMessage);
        }
    }

    /// <summary>Removes rules on some resources; all of them where none is named.</summary>
    public async Task RemoveAsync(AclResource filter, IReadOnlyCollection<AclRule> rules, CancellationToken cancellationToken)
    {
        DeleteAclsRequest.DeleteAclsFilter Filter(AclRule? rule) => new()
        {
            ResourceTypeFilter = filter.Type,
            ResourceNameFilter = filter.Name,
            PatternTypeFilter = filter.Pattern,
            PrincipalFilter = rule?.Principal,
            HostFilter = rule?.Host,
            Operation = rule?.Operation ?? AclNames.Any,
            PermissionType = rule?.Permission ?? AclNames.Any,
        };
        var answer = await cluster.AskControllerAsync(
            new DeleteAclsRequest { Filters = rules.Count == 0 ? [Filter(null)] : [.. rules.Select(Filter)] }, cancellationToken);
        foreach (var result in answer.FilterResults)
        {
            Require(result.ErrorCode, result.ErrorMessage);
            foreach (var match in result.MatchingAcls)
            {
                Require(match.ErrorCode, match.ErrorMessage);
            }
        }
    }

    private static void Require(ErrorCode error, string? message)
    {
        if (error != ErrorCode.None)
        {
            throw new ToolFailedException(error, message ?? KafkaErrors.Describe(error), "The access rules");
        }
    }
}
