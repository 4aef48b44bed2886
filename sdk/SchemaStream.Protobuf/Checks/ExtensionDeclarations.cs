using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Declaration = Google.Protobuf.Reflection.ExtensionRangeOptions.Types.Declaration;
using VerificationState = Google.Protobuf.Reflection.ExtensionRangeOptions.Types.VerificationState;

namespace SchemaStream.Protobuf.Checks;

/// <summary>Ranges that say beforehand which extensions they are for, and the extensions held against that.</summary>
internal sealed class ExtensionDeclarations(LinkedFile file)
{
    private readonly Dictionary<MessageSymbol, Declared> _declared = [];

    /// <summary>Checks what the ranges of a message declare.</summary>
    public void Check(DescriptorProto message)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var range in message.ExtensionRange)
        {
            if (range.Options is not { Declaration.Count: > 0 } options)
            {
                continue;
            }

            if (options is { HasVerification: true, Verification: VerificationState.Unverified })
            {
                throw file.Fault("Cannot mark the extension range as UNVERIFIED when it has extension(s) declared.", range);
            }

            var numbers = new HashSet<int>();
            foreach (var declaration in options.Declaration)
            {
                if (Problem(declaration, range, numbers, names) is { } problem)
                {
                    throw file.Fault(problem, range);
                }
            }
        }
    }

    private static string? Problem(
        Declaration declaration, DescriptorProto.Types.ExtensionRange range, HashSet<int> numbers, HashSet<string> names)
    {
        if (declaration.Number < range.Start || declaration.Number >= range.End)
        {
            return $"Extension declaration number {declaration.Number} is not in the extension range.";
        }

        if (!numbers.Add(declaration.Number))
        {
            return $"Extension declaration number {declaration.Number} is declared multiple times.";
        }

        if (!declaration.HasFullName || !declaration.HasType)
        {
            return declaration.HasFullName != declaration.HasType || !declaration.Reserved
                ? $"Extension declaration #{declaration.Number} should have both \"full_name\" and \"type\" set."
                : null;
        }

        if (!names.Add(declaration.FullName))
        {
            return $"Extension field name \"{declaration.FullName}\" is declared multiple times.";
        }

        return NameProblem(declaration.FullName)
            ?? (FieldTypes.TryParse(declaration.Type, out _) ? null : NameProblem(declaration.Type));
    }

    private static string? NameProblem(string name) =>
        !name.StartsWith('.') ? $"\"{name}\" must have a leading dot to indicate the fully-qualified scope."
        : !name[1..].Split('.').All(Names.IsIdentifier) ? $"\"{name}\" contains invalid identifiers."
        : null;

    /// <summary>Holds an extension against what the message that it extends declares for its number.</summary>
    public void Check(FieldSymbol extension)
    {
        var extendee = extension.Containing!;
        if (!_declared.TryGetValue(extendee, out var declared))
        {
            _declared[extendee] = declared = new Declared(extendee.Proto);
        }

        var field = extension.Proto;
        if (declared.ByNumber.TryGetValue(field.Number, out var declaration))
        {
            CheckAgainst(declaration, extension, extendee);
        }
        else if (declared.Strict.Contains(field.Number))
        {
            throw file.Fault(
                $"Missing extension declaration for field {extension.FullName} with number {field.Number} in extendee message "
                + $"{extendee.FullName}. An extension range must declare for all extension fields if its verification state is "
                + "DECLARATION or there's any declaration in the range already.",
                field,
                PlacePart.Extendee);
        }
    }

    private void CheckAgainst(Declaration declaration, FieldSymbol extension, MessageSymbol extendee)
    {
        var field = extension.Proto;
        if (declaration.Reserved)
        {
            throw file.Fault(
                $"Cannot use number {field.Number} for extension field {extension.FullName}, as it is reserved in the extension "
                + $"declarations for message {extendee.FullName}.",
                field,
                PlacePart.Extendee);
        }

        var type = field.HasTypeName ? field.TypeName : FieldTypes.Word(field.Type);
        var (what, expected, actual) =
            declaration.HasFullName && declaration.FullName != "." + extension.FullName
                ? ("have field name", declaration.FullName, "." + extension.FullName)
            : declaration.HasType && declaration.Type != type ? ("be type", declaration.Type, type)
            : declaration.Repeated != extension.IsRepeated
                ? ("be", declaration.Repeated ? "repeated" : "optional", extension.IsRepeated ? "repeated" : "optional")
            : ("", "", "");
        if (what.Length > 0)
        {
            throw file.Fault(
                $"\"{extendee.FullName}\" extension field {field.Number} is expected to {what} \"{expected}\", not \"{actual}\".",
                field,
                PlacePart.Extendee);
        }
    }

    /// <summary>The declarations of one message by number, and the ranges in which nothing else may be.</summary>
    private sealed class Declared
    {
        public Declared(DescriptorProto message)
        {
            var strict = message.ExtensionRange.Where(static r => r.Options is { } options
                && (options.Declaration.Count > 0 || options is { HasVerification: true, Verification: VerificationState.Declaration }));
            Strict = new NumberRanges<object>(strict.Select(static r => ((long)r.Start, (long)r.End, (object)r)));
            foreach (var declaration in message.ExtensionRange.SelectMany(static r => r.Options?.Declaration ?? []))
            {
                ByNumber.TryAdd(declaration.Number, declaration);
            }
        }

        public Dictionary<int, Declaration> ByNumber { get; } = [];

        public NumberRanges<object> Strict { get; }
    }
}
