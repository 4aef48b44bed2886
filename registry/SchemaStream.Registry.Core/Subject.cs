namespace SchemaStream.Registry.Core;

/// <summary>The name that schema versions are counted under, with the context that ids are counted in.</summary>
/// <remarks>
/// Written <c>name</c> in the default context and <c>:.context:name</c> in any other. A subject with an empty name
/// stands for its whole context in configuration and mode.
/// </remarks>
public readonly record struct Subject : IComparable<Subject>
{
    /// <summary>The context of unqualified names.</summary>
    public const string DefaultContext = ".";

    private readonly string? _context;
    private readonly string? _name;

    private Subject(string context, string name)
    {
        _context = context == DefaultContext ? null : context;
        _name = name;
    }

    /// <summary>The context, with its leading dot.</summary>
    public string Context => _context ?? DefaultContext;

    /// <summary>The name within the context.</summary>
    public string Name => _name ?? "";

    public bool IsInDefaultContext => _context is null;

    /// <summary>The subject that stands for this one's context in configuration and mode.</summary>
    public Subject WholeContext => new(Context, "");

    /// <summary>Reads a possibly qualified name.</summary>
    public static Subject Parse(string text) => ParseWithin(DefaultContext, text);

    /// <summary>Reads a name that, when unqualified, belongs to a given context.</summary>
    public static Subject ParseWithin(string context, string text)
    {
        if (!text.StartsWith(":.", StringComparison.Ordinal))
        {
            return new Subject(context, text);
        }

        var end = text.IndexOf(':', 1);
        return end < 0 ? new Subject(text[1..], "") : new Subject(text[1..end], text[(end + 1)..]);
    }

    /// <summary>Why the name cannot hold schemas; null if it can.</summary>
    public RegistryError? Fault()
    {
        var text = ToString();
        if (text.Any(char.IsControl))
        {
            return new RegistryError(ErrorCodes.InvalidSubject, "A subject's name holds no control characters.");
        }

        return Name is "__GLOBAL" or "__EMPTY" || Context is ".__GLOBAL" or ".__EMPTY"
            ? new RegistryError(ErrorCodes.InvalidSubject, $"The subject name '{text}' is reserved.")
            : null;
    }

    public int CompareTo(Subject other) => string.CompareOrdinal(ToString(), other.ToString());

    public static bool operator <(Subject left, Subject right) => left.CompareTo(right) < 0;

    public static bool operator >(Subject left, Subject right) => left.CompareTo(right) > 0;

    public static bool operator <=(Subject left, Subject right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Subject left, Subject right) => left.CompareTo(right) >= 0;

    /// <summary>The name as clients write it.</summary>
    public override string ToString() => IsInDefaultContext ? Name : $":{Context}:{Name}";
}

/// <summary>One version of one subject.</summary>
public readonly record struct SubjectVersion(Subject Subject, int Version);
