using System.Net;
using SchemaStream.Broker.Metadata.Quotas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What DescribeClientQuotas asks for: components that an entity has to have, and with "strict" no others.</summary>
internal sealed class ClientQuotaFilters
{
    private enum MatchType : sbyte
    {
        Exact = 0,
        Default = 1,
        Specified = 2,
    }

    private readonly List<DescribeClientQuotasRequest.ComponentData> _components;
    private readonly bool _strict;

    private ClientQuotaFilters(List<DescribeClientQuotasRequest.ComponentData> components, bool strict) =>
        (_components, _strict) = (components, strict);

    /// <summary>The filter, or why it is none.</summary>
    public static (ClientQuotaFilters? Filter, ErrorCode Error, string? Message) Of(DescribeClientQuotasRequest request)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var component in request.Components)
        {
            if (!types.Add(component.EntityType))
            {
                return Failed($"Entity type {component.EntityType} cannot appear more than once in the filter.");
            }

            if (component.EntityType is not (QuotaEntity.UserType or QuotaEntity.ClientIdType or QuotaEntity.IpType))
            {
                return component.EntityType.Length == 0
                    ? Failed("Invalid empty entity type.")
                    : (null, ErrorCode.UnsupportedVersion, $"Custom entity type '{component.EntityType}' not supported.");
            }

            if (Mistake(component) is { } mistake)
            {
                return Failed(mistake);
            }
        }

        return types.Contains(QuotaEntity.IpType) && types.Count > 1
            ? Failed("Invalid entity filter component combination: ip cannot be used with user or client-id.")
            : (new ClientQuotaFilters(request.Components, request.Strict), ErrorCode.None, null);
    }

    public bool Matches(QuotaEntity entity)
    {
        foreach (var component in _components)
        {
            var name = entity[component.EntityType];
            var isMatch = (MatchType)component.MatchType switch
            {
                MatchType.Exact => name.Kind == QuotaNameKind.Named && name.Text == TextOf(component),
                MatchType.Default => name.Kind == QuotaNameKind.Default,
                _ => name.Kind != QuotaNameKind.None,
            };
            if (!isMatch)
            {
                return false;
            }
        }

        return !_strict || entity.Parts().Count() == _components.Count;
    }

    /// <summary>An address is kept in one way of writing it.</summary>
    private static string? TextOf(DescribeClientQuotasRequest.ComponentData component) =>
        component.EntityType == QuotaEntity.IpType && IPAddress.TryParse(component.Match, out var address)
            ? QuotaEntity.TextOf(address)
            : component.Match;

    private static string? Mistake(DescribeClientQuotasRequest.ComponentData component) => (MatchType)component.MatchType switch
    {
        MatchType.Exact => component.Match is null ? "Request specified MATCH_TYPE_EXACT, but set match string to null." : null,
        MatchType.Default => component.Match is null ? null : "Request specified MATCH_TYPE_DEFAULT, but also specified a match string.",
        MatchType.Specified => component.Match is null ? null : "Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.",
        _ => $"Unknown match type {component.MatchType}",
    };

    private static (ClientQuotaFilters?, ErrorCode, string) Failed(string message) => (null, ErrorCode.InvalidRequest, message);
}
