using System.Collections.Immutable;
using SchemaStream.Broker.Coordination.Commands;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>A member of a classic group, with the requests of its that wait.</summary>
internal sealed record ClassicMember
{
    public required string MemberId { get; init; }

    public string? GroupInstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public required TimeSpan SessionTimeout { get; init; }

    public required TimeSpan RebalanceTimeout { get; init; }

    public required ImmutableArray<JoinProtocol> Protocols { get; init; }

    public ReadOnlyMemory<byte> Assignment { get; init; }

    /// <summary>Its join waits for the others.</summary>
    public RequestToken? AwaitingJoin { get; init; }

    /// <summary>Its sync waits for the leader.</summary>
    public RequestToken? AwaitingSync { get; init; }

    /// <summary>It has the generation and has not fetched its assignment yet.</summary>
    public bool PendingSync { get; init; }

    /// <summary>
    /// It waits in its very first join, without an id to send heartbeats with: silence counts against it although a
    /// request of its is parked, because a client that went away and came back would otherwise pile up.
    /// </summary>
    public bool IsNew { get; init; }

    /// <summary>Shared between drafts of the group on purpose: to have heard of a member is not undone.</summary>
    public required SessionDeadline Session { get; init; }

    public bool IsStatic => GroupInstanceId is not null;

    /// <summary>The metadata for a protocol; empty where the member does not offer it.</summary>
    public ReadOnlyMemory<byte> Metadata(string? protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol)
            {
                return offered.Metadata;
            }
        }

        return default;
    }

    public bool Offers(string protocol)
    {
        foreach (var offered in Protocols)
        {
            if (offered.Name == protocol)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a join brings the same protocols with the same metadata, in the same order.</summary>
    public bool HasSameProtocols(IReadOnlyList<JoinProtocol> protocols)
    {
        if (protocols.Count != Protocols.Length)
        {
            return false;
        }

        for (var i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata.Span))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>By when a member must be heard of again.</summary>
internal sealed class SessionDeadline
{
    public long DeadlineMs { get; set; }
}
