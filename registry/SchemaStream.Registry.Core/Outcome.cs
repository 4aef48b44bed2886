using System.Diagnostics.CodeAnalysis;

namespace SchemaStream.Registry.Core;

/// <summary>A value, or the refusal that stands in its place.</summary>
public readonly struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    internal Outcome(T? value, RegistryError? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>Why there is no value; null if there is one.</summary>
    public RegistryError? Error { get; }

    /// <summary>Takes the value or the refusal: exactly one of them is there.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out RegistryError? error)
    {
        value = _value;
        error = Error;
        return error is null;
    }

    [SuppressMessage("Usage", "CA2225", Justification = "A refusal is returned as such, without ceremony.")]
    public static implicit operator Outcome<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "A refusal is returned as such, without ceremony.")]
    public static implicit operator Outcome<T>(RegistryError error) => new(default, error);
}

/// <summary>Makes outcomes of interface types, which C# does not convert by itself.</summary>
public static class Outcome
{
    public static Outcome<T> Of<T>(T value)
        where T : notnull => new(value, null);
}
