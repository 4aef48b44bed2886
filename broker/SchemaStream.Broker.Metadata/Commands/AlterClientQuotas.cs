using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>One part of an entity as a client sent it: a type, and a name or null for the default.</summary>
public readonly record struct QuotaEntityPart(string Type, string? Name);

/// <summary>A quota to set, or (value null) to remove.</summary>
public readonly record struct QuotaChange(string Key, double? Value);

/// <summary>The changes of one entity's quotas: all of them or none.</summary>
public sealed record ClientQuotaAlteration(IReadOnlyList<QuotaEntityPart> Entity, IReadOnlyList<QuotaChange> Changes);

/// <summary>AlterClientQuotas: each entity for itself.</summary>
public sealed record AlterClientQuotasCommand(IReadOnlyList<ClientQuotaAlteration> Entities, bool ValidateOnly = false)
    : ControllerCommand<AlterClientQuotasReply>
{
    /// <inheritdoc/>
    public override AlterClientQuotasReply Refused(ErrorCode error, string message) =>
        new([.. Entities.Select(_ => new ClientQuotaResult(error, message))]);
}

/// <summary>How the change of one entity's quotas went.</summary>
public readonly record struct ClientQuotaResult(ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="AlterClientQuotasCommand"/>, in the request's order.</summary>
public sealed record AlterClientQuotasReply(IReadOnlyList<ClientQuotaResult> Entities);
