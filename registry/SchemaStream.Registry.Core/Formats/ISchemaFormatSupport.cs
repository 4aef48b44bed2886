using SchemaStream.Registry.Core.Compatibility;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>One schema language, as far as the registry needs to understand it.</summary>
/// <remarks>Pure: the same text and references always give the same answer. Implementations bound depth and size.</remarks>
public interface ISchemaFormatSupport
{
    SchemaFormat Format { get; }

    /// <summary>Reads and validates a schema; a refusal is 42201 and says what is wrong where.</summary>
    /// <param name="text">The schema as sent or as stored.</param>
    /// <param name="references">The schemas it names, each after those that it needs itself.</param>
    /// <param name="strictness">How much of the specification a schema must obey.</param>
    Outcome<ParsedSchema> Parse(
        string text, IReadOnlyList<ResolvedReference> references, SchemaStrictness strictness);

    /// <summary>Every reason why data of one schema cannot be read with another; empty if it can.</summary>
    /// <param name="reader">The schema that data is read with.</param>
    /// <param name="writer">The schema that data was written with.</param>
    /// <param name="policy">How severe to be; a language that does not know the policy ignores it.</param>
    IReadOnlyList<CompatibilityViolation> CheckReads(ParsedSchema reader, ParsedSchema writer, CompatibilityPolicy policy);

    /// <summary>A violation in the words and the layout that this format's users know from Confluent's registry.</summary>
    /// <param name="violation">What <see cref="CheckReads"/> found.</param>
    /// <param name="roles">Which of the two schemas is the reader.</param>
    string Describe(CompatibilityViolation violation, ReaderRole roles);
}

/// <summary>How much of the specification a schema must obey.</summary>
public enum SchemaStrictness
{
    /// <summary>Names and defaults as the specification has them: for new schemas.</summary>
    Strict = 0,

    /// <summary>Whatever can be understood: for what is stored already.</summary>
    Lenient = 1,
}

/// <summary>Which of two compared schemas reads.</summary>
public enum ReaderRole
{
    /// <summary>The new schema reads old data (BACKWARD).</summary>
    NewReadsOld = 0,

    /// <summary>The old schema reads new data (FORWARD).</summary>
    OldReadsNew = 1,
}

/// <summary>A schema that another one names, resolved to its text.</summary>
public sealed record ResolvedReference(string Name, string Text);
