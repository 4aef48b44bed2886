using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Broker.Metadata.Credentials;

/// <summary>How a SCRAM password is hashed; the numbers are the protocol's, and on disk.</summary>
public enum ScramMechanism : sbyte
{
    Unknown = 0,
    ScramSha256 = 1,
    ScramSha512 = 2,
}

/// <summary>Whose credential it is.</summary>
[SuppressMessage("Design", "CA1036", Justification = "An order to keep users in; none is less than another.")]
public readonly record struct ScramUser(string User, ScramMechanism Mechanism) : IComparable<ScramUser>
{
    public int CompareTo(ScramUser other) =>
        string.CompareOrdinal(User, other.User) is not 0 and var byUser ? byUser : ((int)Mechanism).CompareTo((int)other.Mechanism);
}

/// <summary>What a user's password is checked against (RFC 5802); the password cannot be had from it.</summary>
public sealed record ScramCredential(
    ImmutableArray<byte> Salt, ImmutableArray<byte> StoredKey, ImmutableArray<byte> ServerKey, int Iterations);
