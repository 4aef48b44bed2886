using System.Net;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Quotas;

/// <summary>AlterClientQuotas: an entity takes all of its changes or none.</summary>
internal static class ClientQuotaAltering
{
    /// <summary>A quota's name is a client's id, a user or an address; a bound of ours.</summary>
    private const int LongestName = 1_024;

    private const double Tolerance = 1e-6;

    public static AlterClientQuotasReply Alter(ControllerDraft draft, AlterClientQuotasCommand command)
    {
        var results = new List<ClientQuotaResult>(command.Entities.Count);
        var seen = new HashSet<QuotaEntity>();
        var added = 0;
        foreach (var alteration in command.Entities)
        {
            var refusal = Parse(alteration.Entity, out var entity)
                ?? (seen.Add(entity) ? null : $"Ignoring duplicate entity {entity}")
                ?? Check(entity, alteration.Changes);
            if (refusal is not null)
            {
                results.Add(new ClientQuotaResult(ErrorCode.InvalidRequest, refusal));
                continue;
            }

            var isNew = !draft.Image.ClientQuotas.Entities.ContainsKey(entity) && alteration.Changes.Any(change => change.Value is not null);
            if (isNew && draft.Image.ClientQuotas.Entities.Count + added >= draft.Options.MaxClientQuotaEntities)
            {
                results.Add(new ClientQuotaResult(
                    ErrorCode.PolicyViolation, $"The cluster has quotas for {draft.Options.MaxClientQuotaEntities} entities, and takes no more."));
                continue;
            }

            added += isNew ? 1 : 0;
            if (!command.ValidateOnly)
            {
                Record(draft, entity, alteration.Changes);
            }

            results.Add(new ClientQuotaResult(ErrorCode.None, null));
        }

        return new AlterClientQuotasReply(results);
    }

    /// <summary>Why the parts are no entity; null if they are.</summary>
    public static string? Parse(IReadOnlyList<QuotaEntityPart> parts, out QuotaEntity entity)
    {
        entity = default;
        if (parts.Count == 0)
        {
            return "Invalid empty client quota entity";
        }

        foreach (var (type, name) in parts)
        {
            if (type is not (QuotaEntity.UserType or QuotaEntity.ClientIdType or QuotaEntity.IpType))
            {
                return $"Unhandled client quota entity type: {type}";
            }

            if (entity[type].Kind != QuotaNameKind.None)
            {
                return $"Invalid client quota entity, duplicate entity entry {type}";
            }

            if (name is { Length: 0 } or { Length: > LongestName })
            {
                return name.Length == 0 ? $"Empty {type} not supported" : $"A {type} of more than {LongestName} characters is not supported";
            }

            entity = type switch
            {
                QuotaEntity.UserType => entity with { User = QuotaName.Of(name) },
                QuotaEntity.ClientIdType => entity with { ClientId = QuotaName.Of(name) },
                _ => entity with { Ip = QuotaName.Of(IPAddress.TryParse(name, out var address) ? QuotaEntity.TextOf(address) : name) },
            };
        }

        entity = new QuotaEntity(Filled(entity.User), Filled(entity.ClientId), Filled(entity.Ip));
        return CheckAddress(entity);
    }

    private static QuotaName Filled(QuotaName name) => name.Kind == QuotaNameKind.None ? QuotaName.None : name;

    private static string? CheckAddress(QuotaEntity entity)
    {
        if (entity.Ip.Kind == QuotaNameKind.None)
        {
            return null;
        }

        if (entity.User.Kind != QuotaNameKind.None || entity.ClientId.Kind != QuotaNameKind.None)
        {
            return "Invalid quota entity combination, IP entity should not be combined with user or client-id entities.";
        }

        return entity.Ip.Kind == QuotaNameKind.Default || IPAddress.TryParse(entity.Ip.Text, out _)
            ? null
            : $"{entity.Ip.Text} is not a valid IP address.";
    }

    private static string? Check(QuotaEntity entity, IReadOnlyList<QuotaChange> changes)
    {
        var valid = entity.Ip.Kind == QuotaNameKind.None ? QuotaKeys.OfClients : QuotaKeys.OfAddresses;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in changes)
        {
            if (!keys.Add(key))
            {
                return $"Duplicate quota key {key} not updating quota for this entity {entity}";
            }

            if (!valid.Contains(key))
            {
                return $"Invalid configuration key {key}";
            }

            if (value is not { } limit)
            {
                continue;
            }

            if (!double.IsFinite(limit) || limit <= 0)
            {
                return $"Quota {key} must be greater than 0";
            }

            if (QuotaKeys.IsWhole(key) && (limit > long.MaxValue || Math.Abs(Math.Round(limit) - limit) > Tolerance))
            {
                return $"Configuration {key} must be a Long value";
            }
        }

        return null;
    }

    private static void Record(ControllerDraft draft, QuotaEntity entity, IReadOnlyList<QuotaChange> changes)
    {
        var before = draft.Image.ClientQuotas.Entities.GetValueOrDefault(entity);
        foreach (var (key, value) in changes)
        {
            var current = before is not null && before.TryGetValue(key, out var limit) ? limit : (double?)null;
            if (current != value)
            {
                draft.Records.Add(RecordOf(entity, key, value));
            }
        }
    }

    public static ClientQuotaRecord RecordOf(QuotaEntity entity, string key, double? value) => new()
    {
        Entity = [.. entity.Parts().Select(part => new ClientQuotaRecord.QuotaEntityPart { Type = part.Type, Name = part.Name })],
        Key = key,
        Value = value ?? 0,
        Remove = value is null,
    };
}
