using System.Text.Json.Serialization;

namespace SchemaStream.Registry.Client.Wire;

/// <summary>A schema in requests and replies; what a call does not use is absent.</summary>
internal sealed record WireSchema
{
    public string? Subject { get; init; }

    public int? Version { get; init; }

    public int? Id { get; init; }

    public string? SchemaType { get; init; }

    public IReadOnlyList<WireReference>? References { get; init; }

    public string? Schema { get; init; }
}

/// <summary>A reference in requests and replies.</summary>
internal sealed record WireReference(string? Name, string? Subject, int? Version);

/// <summary>The reply of a compatibility check.</summary>
internal sealed record WireVerdict
{
    [JsonPropertyName("is_compatible")]
    public bool IsCompatible { get; init; }

    public IReadOnlyList<string>? Messages { get; init; }
}

/// <summary>A level: <c>compatibility</c> on its way in, <c>compatibilityLevel</c> on its way out.</summary>
internal sealed record WireConfig
{
    public string? Compatibility { get; init; }

    public string? CompatibilityLevel { get; init; }
}

/// <summary>The one shape of every refusal.</summary>
internal sealed record WireError
{
    [JsonPropertyName("error_code")]
    public int? ErrorCode { get; init; }

    public string? Message { get; init; }
}

/// <summary>A topic contract in requests and replies.</summary>
internal sealed record WireContract
{
    public string? Topic { get; init; }

    public WireSlot? Key { get; init; }

    public WireSlot? Value { get; init; }

    public string? Binding { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? BoundBy { get; init; }
}

/// <summary>One slot of a topic contract.</summary>
internal sealed record WireSlot
{
    public string? Format { get; init; }

    public string? Type { get; init; }

    public string? Subject { get; init; }

    public string? Evolution { get; init; }
}
