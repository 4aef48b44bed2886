namespace SchemaStream.Registry.Security.Identities;

/// <summary>What a JSON web token has to be.</summary>
public sealed record JwtOptions
{
    /// <summary>Who must have issued it; null asks no one.</summary>
    public string? Issuer { get; init; }

    /// <summary>Whom it must be for; null asks for none.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim with the roles.</summary>
    public string RolesClaim { get; init; } = "roles";

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);
}
