using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <summary>A decoder's method while it is put together.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed class DecodeMethod
{
    private readonly List<ParameterExpression> _locals = [];

    public ParameterExpression Reader { get; } = Parameter(typeof(AvroReader).MakeByRefType(), "reader");

    public ParameterExpression Local(Type type)
    {
        var local = Variable(type);
        _locals.Add(local);
        return local;
    }

    public MethodCallExpression Call(string method, params Expression[] arguments) =>
        Expression.Call(Reader, typeof(AvroReader).GetMethod(method)!, arguments);

    public LambdaExpression Build(CodecCell cell, Expression body)
    {
        if (cell.IsRecursive)
        {
            var result = Local(body.Type);
            body = Block(
                Call(nameof(AvroReader.Enter)),
                Assign(result, body),
                Call(nameof(AvroReader.Leave)),
                result);
        }

        return Lambda(cell.DelegateType, Block(body.Type, _locals, body), Reader);
    }
}
