using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace SchemaStream.Broker.Metadata.Quotas;

/// <summary>How an entity names its user, client id or address.</summary>
public enum QuotaNameKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Whoever has no quota by name.</summary>
    Default,

    Named,
}

/// <summary>A user, client id or address of a quota's entity.</summary>
public readonly record struct QuotaName(QuotaNameKind Kind, string Text)
{
    public static QuotaName None { get; } = new(QuotaNameKind.None, "");

    public static QuotaName Default { get; } = new(QuotaNameKind.Default, "");

    public static QuotaName Of(string? name) => name is null ? Default : new QuotaName(QuotaNameKind.Named, name);
}

/// <summary>Whom a quota is for: a user, a client id, both together, or an address.</summary>
[SuppressMessage("Design", "CA1036", Justification = "An order to keep entities in; none is less than another.")]
public readonly record struct QuotaEntity(QuotaName User, QuotaName ClientId, QuotaName Ip) : IComparable<QuotaEntity>
{
    public const string UserType = "user";
    public const string ClientIdType = "client-id";
    public const string IpType = "ip";

    public static QuotaEntity OfUser(string? user) => new(QuotaName.Of(user), QuotaName.None, QuotaName.None);

    public static QuotaEntity OfClientId(string? clientId) => new(QuotaName.None, QuotaName.Of(clientId), QuotaName.None);

    public static QuotaEntity OfIp(string? ip) => new(QuotaName.None, QuotaName.None, QuotaName.Of(ip));

    /// <summary>
    /// The one way to write an address, of the many that there are: quotas are found by text, and are the address's. IPv4 as
    /// such, and without the interface, which says where a client came in rather than who it is.
    /// </summary>
    public static string TextOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4().ToString()
            : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();
    }

    public static QuotaEntity Of(string? user, string? clientId) => new(QuotaName.Of(user), QuotaName.Of(clientId), QuotaName.None);

    /// <summary>Of a type that there is; <see cref="QuotaName.None"/> where the entity does not have it.</summary>
    public QuotaName this[string type] => type switch
    {
        UserType => User,
        ClientIdType => ClientId,
        IpType => Ip,
        _ => QuotaName.None,
    };

    /// <summary>Its parts as they are written: type, and name or null for the default.</summary>
    public IEnumerable<(string Type, string? Name)> Parts()
    {
        foreach (var (type, name) in new[] { (UserType, User), (ClientIdType, ClientId), (IpType, Ip) })
        {
            if (name.Kind != QuotaNameKind.None)
            {
                yield return (type, name.Kind == QuotaNameKind.Default ? null : name.Text);
            }
        }
    }

    public int CompareTo(QuotaEntity other) =>
        Compare(User, other.User) is not 0 and var byUser ? byUser
        : Compare(ClientId, other.ClientId) is not 0 and var byClientId ? byClientId
        : Compare(Ip, other.Ip);

    /// <summary>As Kafka writes it in messages.</summary>
    public override string ToString() =>
        $"ClientQuotaEntity(entries={{{string.Join(", ", Parts().Select(part => $"{part.Type}={part.Name ?? "null"}"))}}})";

    private static int Compare(QuotaName left, QuotaName right) =>
        left.Kind != right.Kind ? ((int)left.Kind).CompareTo((int)right.Kind) : string.CompareOrdinal(left.Text, right.Text);
}
