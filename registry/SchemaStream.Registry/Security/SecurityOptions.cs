using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Registry.Security;

/// <summary>Who is let in, and to what. Without any way of authentication everyone may do everything.</summary>
public sealed record SecurityOptions
{
    /// <summary>What clients are told when credentials are missing.</summary>
    public string Realm { get; init; } = "schema-registry";

    /// <summary>Users of basic authentication; null offers none.</summary>
    public UserFile? Users { get; init; }

    /// <summary>Static bearer tokens; null has none.</summary>
    public TokenFile? Tokens { get; init; }

    /// <summary>JSON web tokens; null takes none.</summary>
    public JwtVerifier? Jwt { get; init; }

    /// <summary>Roles that may use the registry at all; empty is everyone who is known.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Who may do what; null lets everyone who is known do everything.</summary>
    public PermissionFile? Permissions { get; init; }

    /// <summary>Whether anyone is asked who they are.</summary>
    public bool IsOn => Users is not null || Tokens is not null || Jwt is not null;
}
