using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Quotas;

/// <summary>Which quota applies to a client, and who shares it.</summary>
/// <param name="Limit">Per second.</param>
/// <param name="PerUser">Whether users with this quota are counted apart.</param>
/// <param name="PerClientId">Whether client ids with this quota are counted apart.</param>
public readonly record struct QuotaMatch(double Limit, bool PerUser, bool PerClientId);

/// <summary>All quotas of clients; immutable. Looking one up allocates nothing.</summary>
public sealed class ClientQuotaTable
{
    private readonly ImmutableDictionary<string, int> _entitiesByKey;

    private ClientQuotaTable(
        ImmutableSortedDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> entities,
        ImmutableDictionary<string, int> entitiesByKey)
    {
        Entities = entities;
        _entitiesByKey = entitiesByKey;
    }

    public static ClientQuotaTable Empty { get; } = new(
        ImmutableSortedDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>>.Empty,
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>By entity, and there by key.</summary>
    public ImmutableSortedDictionary<QuotaEntity, ImmutableSortedDictionary<string, double>> Entities { get; }

    /// <summary>Whether anyone at all has a quota of this kind.</summary>
    public bool Has(string key) => _entitiesByKey.ContainsKey(key);

    /// <summary>
    /// The quota of a client: the one that says most about whom it is for. In this order: user and client id; user and any
    /// client id; user; the same with any user; client id; any client id.
    /// </summary>
    public QuotaMatch? Find(string key, string user, string clientId)
    {
        if (!Has(key))
        {
            return null;
        }

        return Find(key, QuotaName.Of(user), QuotaName.Of(clientId), true, true)
            ?? Find(key, QuotaName.Of(user), QuotaName.Default, true, true)
            ?? Find(key, QuotaName.Of(user), QuotaName.None, true, false)
            ?? Find(key, QuotaName.Default, QuotaName.Of(clientId), true, true)
            ?? Find(key, QuotaName.Default, QuotaName.Default, true, true)
            ?? Find(key, QuotaName.Default, QuotaName.None, true, false)
            ?? Find(key, QuotaName.None, QuotaName.Of(clientId), false, true)
            ?? Find(key, QuotaName.None, QuotaName.Default, false, true);
    }

    /// <summary>The quota of an address, else of any; null for none.</summary>
    public double? FindOfIp(string key, string ip) =>
        Entities.TryGetValue(QuotaEntity.OfIp(ip), out var own) && own.TryGetValue(key, out var limit) ? limit
        : Entities.TryGetValue(QuotaEntity.OfIp(null), out var common) && common.TryGetValue(key, out limit) ? limit
        : null;

    internal ClientQuotaTable With(QuotaEntity entity, string key, double? value)
    {
        var before = Entities.GetValueOrDefault(entity) ?? ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);
        var after = value is { } limit ? before.SetItem(key, limit) : before.Remove(key);
        var count = _entitiesByKey.GetValueOrDefault(key) + (after.ContainsKey(key) ? 1 : 0) - (before.ContainsKey(key) ? 1 : 0);
        return new ClientQuotaTable(
            after.IsEmpty ? Entities.Remove(entity) : Entities.SetItem(entity, after),
            count == 0 ? _entitiesByKey.Remove(key) : _entitiesByKey.SetItem(key, count));
    }

    private QuotaMatch? Find(string key, QuotaName user, QuotaName clientId, bool perUser, bool perClientId) =>
        Entities.TryGetValue(new QuotaEntity(user, clientId, QuotaName.None), out var quotas) && quotas.TryGetValue(key, out var limit)
            ? new QuotaMatch(limit, perUser, perClientId)
            : null;
}
