variable "name" {
  type = string
}

variable "owner" {
  type     = string
  default  = "nobody"
  nullable = false
}

variable "view_type" {
  type    = string
  default = null
}

variable "indexes" {
  type    = list(object({ name = string, hash_key = string, type = optional(string, "N") }))
  default = []
}

resource "aws_dynamodb_table" "this" {
  count = 1

  name             = var.name
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = var.view_type != null
  stream_view_type = var.view_type

  attribute {
    name = "id"
    type = "S"
  }
  dynamic "attribute" {
    for_each = { for index in var.indexes : index.hash_key => index.type }
    content {
      name = attribute.key
      type = attribute.value
    }
  }
  dynamic "global_secondary_index" {
    for_each = var.indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      projection_type = "ALL"
    }
  }

  tags = { owner = var.owner }
}

output "name" {
  value = aws_dynamodb_table.this[0].name
}

output "arn" {
  value = one(aws_dynamodb_table.this[*].arn)
}

output "stream_arn" {
  value = aws_dynamodb_table.this[0].stream_arn
}
