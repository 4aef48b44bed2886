using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <summary>An encoder's method while it is put together: of one value, or of all items of a collection.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed class EncodeMethod
{
    /// <summary>Fields of inner records that one method takes in: a method that grows without end is compiled badly.</summary>
    private const int MaxTakenIn = 200;

    private readonly List<Expression> _code = [];
    private readonly List<ParameterExpression> _locals;
    private readonly LabelTarget _end;
    private readonly string _path;
    private readonly ParameterExpression? _items;
    private readonly EncodeMethod _root;
    private int _takenIn;

    public EncodeMethod(Type type, string path, bool isOfItems)
    {
        Value = Parameter(type, "value");
        Start = Parameter(typeof(byte).MakeByRefType(), "start");
        Position = Parameter(typeof(int), "position");
        Length = Parameter(typeof(int), "length");
        Depth = Parameter(typeof(int), "depth");
        NextDepth = Expression.Add(Depth, Constant(1));
        _locals = [];
        _end = Label(typeof(int), "end");
        _path = path;
        _root = this;
        if (isOfItems)
        {
            _items = Parameter(typeof(ReadOnlySpan<>).MakeGenericType(type), "items");
            _locals.Add(Value);
        }
    }

    private EncodeMethod(EncodeMethod outer)
    {
        (Value, Start, Position, Length, Depth, NextDepth) =
            (outer.Value, outer.Start, outer.Position, outer.Length, outer.Depth, outer.NextDepth);
        (_locals, _end, _path, _items, _root) = (outer._locals, outer._end, outer._path, outer._items, outer._root);
    }

    public ParameterExpression Value { get; }

    public ParameterExpression Start { get; }

    public ParameterExpression Position { get; }

    public ParameterExpression Length { get; }

    public ParameterExpression Depth { get; }

    public Expression NextDepth { get; }

    /// <summary>True for the method's own value: its fields are written here and not in a method of their own.</summary>
    public bool IsRoot(Expression value) => value == Value;

    /// <summary>Whether the fields of an inner record may be written here.</summary>
    public bool TryTakeIn(int fields)
    {
        if (_root._takenIn + fields > MaxTakenIn)
        {
            return false;
        }

        _root._takenIn += fields;
        return true;
    }

    public void Add(Expression code) => _code.Add(code);

    /// <summary>The next position is what the call returns.</summary>
    public void Assign(Expression call) => Add(Expression.Assign(Position, call));

    /// <summary>Ends the method unless so many bytes are left.</summary>
    public void Require(int bytes) => Add(IfThen(LessThan(Subtract(Length, Position), Constant(bytes)), Return(_end, Constant(AvroWriter.Full))));

    /// <summary>Ends the method if the last call found no room.</summary>
    public void StopIfFull() => Add(IfThen(LessThan(Position, Constant(0)), Return(_end, Constant(AvroWriter.Full))));

    /// <summary>A value that is looked at twice, taken once: a property may compute it.</summary>
    public ParameterExpression Keep(Expression value)
    {
        if (value is ParameterExpression already)
        {
            return already;
        }

        var local = Variable(value.Type);
        _locals.Add(local);
        Add(Expression.Assign(local, value));
        return local;
    }

    /// <summary>Code for one branch of a condition.</summary>
    public EncodeMethod Nested() => new(this);

    public BlockExpression ToBlock() => Block(typeof(void), _code);

    public LambdaExpression Build(CodecCell cell)
    {
        var code = new List<Expression>();
        if (cell.IsRecursive)
        {
            code.Add(Call(typeof(AvroWriter), nameof(AvroWriter.CheckDepth), null, Depth, Constant(_path)));
        }

        if (_items is null)
        {
            code.AddRange(_code);
        }
        else
        {
            code.Add(EachItem(_items));
        }

        code.Add(Label(_end, Position));
        return Lambda(cell.DelegateType, Block(typeof(int), _locals, code), _items ?? Value, Start, Position, Length, Depth);
    }

    private LoopExpression EachItem(ParameterExpression items)
    {
        var index = Variable(typeof(int), "index");
        _locals.Add(index);
        var done = Label("done");
        return Loop(
            Block(
                IfThen(GreaterThanOrEqual(index, Call(typeof(ItemSpans), nameof(ItemSpans.Count), [Value.Type], items)), Break(done)),
                Expression.Assign(Value, Call(typeof(ItemSpans), nameof(ItemSpans.At), [Value.Type], items, index)),
                Block(typeof(void), _code),
                PreIncrementAssign(index)),
            done);
    }
}
